"""What LiteLLM would store in its table of spend logs goes to the file $SPEND_ROWS, one row a line.

Its database needs an engine that is only a download. Everything but the last step is LiteLLM's own: the rows and when
they are written. Columns of the type Json are decoded, as its API returns them.
"""

import json
import os

from litellm.proxy.db.db_spend_update_writer import DBSpendUpdateWriter
from litellm.proxy.hooks.proxy_track_cost_callback import _ProxyDBLogger

JSON_COLUMNS = ("metadata", "request_tags", "messages", "response", "proxy_server_request")


async def write(self, payload, prisma_client=None, **_):
    row = {
        name: json.loads(value) if name in JSON_COLUMNS and isinstance(value, str) else value
        for name, value in payload.items()
    }
    with open(os.environ["SPEND_ROWS"], "a") as file:
        file.write(json.dumps(row, default=str) + "\n")
    return prisma_client


DBSpendUpdateWriter._insert_spend_log_to_db = write
spend_logger = _ProxyDBLogger()
