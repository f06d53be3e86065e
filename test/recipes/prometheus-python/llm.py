"""Asks the model on one of both arms, and counts its own calls for Prometheus."""

import json
import os
import random
import time

from openai import OpenAI, OpenAIError
from prometheus_client import Counter, Histogram

SHARE = os.environ.get("ROLLOUT_SHARE", "deploy/share.json")
# One client per arm, both with what your users would wait.
OPTIONS = {"timeout": 30, "max_retries": 2}
CLIENTS = {
    # OPENAI_BASE_URL and OPENAI_API_KEY, as before.
    "official": OpenAI(**OPTIONS),
    "gateway": OpenAI(
        base_url=os.environ["GATEWAY_BASE_URL"], api_key=os.environ["GATEWAY_API_KEY"], **OPTIONS
    ),
}

# A call with all its retries counts once, also when it fails: the times are of both.
SECONDS = Histogram(
    "assistant_llm_call_seconds",
    "Time of a call",
    ["arm", "model", "status"],
    buckets=[0.1, 0.2, 0.4, 0.8, 1.2, 1.6, 2.4, 3.2, 4.8, 6.4, 9.6, 12.8, 25.6, 51.2],
)
TOKENS = ["arm", "model"]
INPUT = Counter("assistant_llm_input_tokens", "Input tokens, cached ones too", TOKENS)
CACHED = Counter("assistant_llm_cached_input_tokens", "Cached input tokens", TOKENS)
OUTPUT = Counter("assistant_llm_output_tokens", "Output tokens", TOKENS)


def arm_of_call() -> str:
    """By the share that the rollout writes. If it can't be read, the call stays on the official API."""
    try:
        with open(SHARE, encoding="utf-8") as file:
            return "gateway" if random.random() * 100 < json.load(file)["gateway"] else "official"
    except (OSError, ValueError, KeyError, TypeError):
        return "official"


def ask(question: str, model: str = "gpt-4o-mini") -> str:
    arm = arm_of_call()
    began, status = time.monotonic(), "ok"
    try:
        answer = CLIENTS[arm].chat.completions.create(
            model=model, messages=[{"role": "user", "content": question}]
        )
    except OpenAIError as error:
        status = type(error).__name__
        raise
    finally:
        SECONDS.labels(arm, model, status).observe(time.monotonic() - began)
    if answer.usage:
        INPUT.labels(arm, model).inc(answer.usage.prompt_tokens)
        OUTPUT.labels(arm, model).inc(answer.usage.completion_tokens)
        details = answer.usage.prompt_tokens_details
        CACHED.labels(arm, model).inc((details and details.cached_tokens) or 0)
    return answer.choices[0].message.content or ""
