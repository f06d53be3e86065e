"""What python.test.ts asks, in one process. The servers do what the last message says."""

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor

from openai import AsyncOpenAI, OpenAI

from assistant import ask
from gateway_rollout import Rollout, httpx

found = {}


def rollout(share, **options):
    given = dict(base_url=os.environ["GATEWAY_BASE_URL"], api_key=os.environ["GATEWAY_API_KEY"], share=share)
    return Rollout(**{**given, "records": os.environ["ROLLOUT_RECORDS"], **options})


def sdk(share, **options):
    return OpenAI(http_client=httpx.Client(transport=rollout(share, **options).transport()), organization="org-1", timeout=5)


def said(content):
    return dict(model="gpt-4o-mini", messages=[{"role": "user", "content": content}])


def create(client, content, task, **options):
    answer = client.chat.completions.create(**said(content), extra_headers={"X-Rollout-Task": task}, **options)
    return answer.choices[0].message.content


async def users():
    return [await asyncio.gather(*(ask(f"user-{n}", f"I am user-{n}.") for n in range(60))) for _ in range(2)]


found["users"] = asyncio.run(users())

client = sdk(lambda: 100, fallback="official").with_options(max_retries=0)
found["lost"] = {}
for behaviour in ("refuse", "reset", "empty", "page", "error", "hang"):
    found["lost"][behaviour] = create(client, f"gateway {behaviour}", behaviour, timeout=0.5)

client = sdk(lambda: 50)
with ThreadPoolExecutor(16) as pool:
    list(pool.map(lambda _: client.chat.completions.create(**said("third time")), range(32)))

shares = [100]
create(sdk(lambda: shares.pop() if shares else 0), "third time", "taken back")


async def streams():
    client = AsyncOpenAI(http_client=httpx.AsyncClient(transport=rollout(lambda: 100).async_transport()), max_retries=0)

    async def read(task, content="", **options):
        text = ""
        headers = {"X-Rollout-Task": task}
        async with await client.chat.completions.create(**said(content), stream=True, extra_headers=headers, **options) as stream:
            async for chunk in stream:
                text += chunk.choices[0].delta.content or "" if chunk.choices else ""
                if options:
                    break
        return text

    read_texts = [await read("whole")]
    try:
        await read("cut", "gateway cut")
    except Exception as error:
        read_texts.append(isinstance(error, AssertionError))
    return [*read_texts, await read("left", max_tokens=1)]


found["streams"] = asyncio.run(streams())

for share in ("none.json", "broken.json", lambda: 101, lambda: {"gateway": None}, lambda: True, lambda: [50]):
    create(sdk(share), "gateway must not", "official")
create(sdk(lambda: 100, api_key=""), "gateway must not", "official")
copying = sdk(lambda: {"gateway": 0, "shadow": 100})
create(copying, "copy", "copied")
create(copying, "copy", "stored", store=True)


def broken(record):
    raise RuntimeError("no log")


found["broken"] = create(sdk(lambda: 0, records=broken), "", "broken")
print(json.dumps(found))
