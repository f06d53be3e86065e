"""Calls both arms with the official client, under a real OpenTelemetry instrumentation that Prometheus scrapes.

Usage: calls.py INSTRUMENTATION OFFICIAL_URL GATEWAY_URL. Prints the port of its metrics; then each line of its input
is a call (`Calls` of instrumented-program.ts), and each line of its output says that it is done.
"""

import importlib
import json
import sys

import openai
from opentelemetry import metrics
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import start_http_server

instrumentation, official, gateway = sys.argv[1:]
metrics.set_meter_provider(MeterProvider(metric_readers=[PrometheusMetricReader()]))
importlib.import_module(instrumentation).OpenAIInstrumentor().instrument()

clients = {
    arm: openai.OpenAI(base_url=url, api_key="none")
    for arm, url in {"official": official, "gateway": gateway}.items()
}


def ask(call):
    client = clients[call["arm"]].with_options(max_retries=call["retries"], timeout=call["timeout"])
    model, content = call["model"], call["content"]
    messages = [{"role": "user", "content": content}]
    if call["api"] == "chat":
        client.chat.completions.create(model=model, messages=messages)
    elif call["api"] == "stream":
        options = {"include_usage": True}
        for _ in client.chat.completions.create(model=model, messages=messages, stream=True, stream_options=options):
            pass
    elif call["api"] == "embeddings":
        client.embeddings.create(model=model, input=content)
    elif call["api"] == "responses":
        client.responses.create(model=model, input=content)


server, _ = start_http_server(0, "127.0.0.1")
print(server.server_port, flush=True)
for line in sys.stdin:
    call = json.loads(line)
    for _ in range(call["times"]):
        try:
            ask(call)
        except openai.OpenAIError:
            pass
    print("done", flush=True)
