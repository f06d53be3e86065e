"""A service that asks a model. Only its client knows of the rollout."""

import os

from openai import AsyncOpenAI

from gateway_rollout import Rollout, httpx

rollout = Rollout(
    base_url=os.environ.get("GATEWAY_BASE_URL", ""),
    api_key=os.environ.get("GATEWAY_API_KEY", ""),
    # On Kubernetes, mount the ConfigMap's directory: a file that is mounted alone is never updated.
    share=os.environ.get("ROLLOUT_SHARE", "deploy/share.json"),
    records=os.environ.get("ROLLOUT_RECORDS", "records-{pid}.jsonl"),
    salt=os.environ.get("ROLLOUT_SALT", ""),
    fallback="official",
)
# OPENAI_BASE_URL and OPENAI_API_KEY are the official API's, as before.
client = AsyncOpenAI(http_client=httpx.AsyncClient(transport=rollout.async_transport(), timeout=600))


async def ask(user: str, question: str) -> str:
    answer = await client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": question}],
        extra_headers={"X-Rollout-Unit": user},
    )
    return answer.choices[0].message.content or ""
