"""Splits the official SDK's requests between the OpenAI API and a gateway, and writes one record per attempt.

One file for Python 3.9 or newer, with httpx, which the SDK brings. The official API gets each request as the SDK wrote
it. No problem with the share or a record fails a request.

    rollout = Rollout(
        base_url="https://gateway.example/v1", api_key=os.environ["GATEWAY_API_KEY"],
        share="/etc/rollout/share.json", records="records/{pid}.jsonl", fallback="official",
    )
    client = AsyncOpenAI(http_client=httpx.AsyncClient(transport=rollout.async_transport(), timeout=600))
    await client.chat.completions.create(..., extra_headers={"X-Rollout-Unit": user_id})
"""

from __future__ import annotations

import atexit
import hashlib
import hmac
import json
import logging
import os
import queue
import random
import re
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Optional, Union

try:  # The SDK's own: version 3 brings httpx2.
    import httpx2 as httpx
except ImportError:
    import httpx

ENDPOINT = re.compile(r"/(chat/completions|completions|embeddings|moderations|responses)$")
# They mean something to the official API alone, or belong to another body.
NOT_FORWARDED = ("api-key", "content-length", "cookie", "host", "openai-organization", "openai-project")
# How a failure begins whose status is 200: with nothing, a web page, or an error in the form of the API.
FAILURE = re.compile(rb'\s*($|<|(event:\s*error\s+)?(data:\s*)?\{\s*"error"\s*:\s*["{])')
FINISHED = {"completed": "stop", "incomplete": "length", "failed": "error"}
OUTPUT = ("content", "text", "tool_calls", "function_call", "refusal", "audio")
REREAD_S = 1.0
MOST_READ = 4_000_000
MOST_COPIES = 8
MOST_FAILED = 10_000

log = logging.getLogger("gateway_rollout")


class Rollout:
    """The settings of one application. Its transports can be used by any number of clients and threads.

    share: a JSON file that the rollout writes, or a function: a percentage, or an object with the percentages
        `gateway`, `shadow` (of the official API's tasks: copied) and `models` (by name, for those that move ahead).
    records: a JSONL file, where `{pid}` is the process, or a function that takes each record.
    models: name in your code -> name at the gateway, where they differ.
    fallback: whether an attempt that fails before its caller has a byte is repeated at once: from the gateway to
        "official", or from "either" to the other one, unless the gateway's share is 0. Default: "none".
    salt: a part of the hashes of units. Another one moves other units.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        share: Union[str, Callable[[], Any]],
        records: Union[str, Callable[[dict], None]],
        models: Optional[dict] = None,
        headers: Optional[dict] = None,
        fallback: str = "none",
        salt: str = "",
    ) -> None:
        self.base_url, self.api_key = base_url.strip().rstrip("/"), api_key.strip()
        self.models, self.headers = models or {}, headers or {}
        self.fallback, self.salt = fallback, salt
        self._share, self._shares, self._read_at = share, 0, float("-inf")
        self._write = records if callable(records) else _Writer(records)
        self._failed: dict = {}
        self._lock = threading.Lock()
        self._copies = ThreadPoolExecutor(MOST_COPIES, "rollout-copy")
        self._copying = 0
        self._known: set = set()
        if not (self.base_url and self.api_key):
            self._report("The gateway has no base URL or no key, so everything goes to the official API.")

    def transport(self, inner: Optional[httpx.BaseTransport] = None) -> httpx.BaseTransport:
        """For `httpx.Client(transport=...)`."""
        return _Transport(self, inner or httpx.HTTPTransport())

    def async_transport(self, inner: Optional[httpx.AsyncBaseTransport] = None) -> httpx.AsyncBaseTransport:
        """For `httpx.AsyncClient(transport=...)`."""
        return _AsyncTransport(self, inner or httpx.AsyncHTTPTransport())

    def _report(self, problem: str) -> None:
        if problem not in self._known:
            self._known.add(problem)
            log.warning(problem)

    def record(self, record: dict) -> None:
        try:
            self._write({name: value for name, value in record.items() if value is not None})
        except Exception as error:
            self._report(f"A record can't be written: {error}")

    def shares(self, model: str) -> tuple:
        """The percentages of a model: (gateway, shadow). 0 where the source is missing or wrong."""
        if not (self.base_url and self.api_key):
            return 0.0, 0.0
        try:
            if callable(self._share):
                found = self._share()
            else:
                if time.monotonic() - self._read_at >= REREAD_S:
                    self._read_at, self._shares = time.monotonic(), 0
                    with open(self._share, encoding="utf-8") as file:
                        self._shares = json.load(file)
                found = self._shares
            if not isinstance(found, dict):
                return _percentage(found), 0.0
            own = found.get("models", {}).get(model, found.get("gateway"))
            return _percentage(own), _percentage(found.get("shadow", 0))
        except Exception as error:
            self._report(f"The share can't be read, so everything goes to the official API: {error!r}")
            return 0.0, 0.0

    def task_of(self, asked: "_Asked", share: float) -> "_Task":
        if asked.retry > 0:
            with self._lock:
                # The newest that fits: what nobody retried stays behind.
                alike = self._failed.get(asked.key(asked.retry))
                if alike:
                    return alike.pop()
        sticky = asked.unit or asked.task
        digest = hmac.new(self.salt.encode(), (sticky or "").encode(), hashlib.sha256).digest()
        # A record shows other bits than those that decide: which units are counted must not depend on their arm.
        place = int.from_bytes(digest[:6], "big") / 2**48 if sticky else random.random()
        arm = "gateway" if place * 100 < share else "official"
        return _Task(asked.task or str(uuid.uuid4()), digest[16:].hex() if asked.unit else None, arm, asked.retry)

    def keep(self, asked: "_Asked", task: "_Task") -> None:
        with self._lock:
            alike = self._failed.setdefault(asked.key(asked.retry + 1), [])
            alike.append(task)
            del alike[:-MOST_FAILED]
            while len(self._failed) > MOST_FAILED:
                del self._failed[next(iter(self._failed))]

    def plan(self, asked: "_Asked") -> tuple:
        """The task, the arms to try in turn, and whether to copy the request."""
        share, shadow = self.shares(asked.model)
        task = self.task_of(asked, share)
        if share == 0:  # It takes back retries, too.
            task.arm = "official"
        first, other = (task.arm, "official" if task.arm == "gateway" else "gateway")
        falls = share > 0 if self.fallback == "either" else self.fallback == "official" and first == "gateway"
        if falls:  # Its later attempts go where the last one went.
            task.arm = other
        copied = first == "official" and task.attempts == 0 and asked.can_copy and random.random() * 100 < shadow
        return task, ([first, other] if falls else [first]), copied

    def copy(self, asked: "_Asked", task: "_Task") -> None:
        """Sends the request to the gateway too; its answer is for nobody."""
        if self._copying >= MOST_COPIES:
            return
        self._copying += 1

        def send() -> None:
            attempt = _Attempt(self, asked, _Task(task.name, task.unit, "gateway", 0), "gateway", shadow=True)
            try:
                with httpx.Client(timeout=600) as client, client.stream(**attempt.parts()) as response:
                    attempt.begin(response.status_code, response.headers)
                    for piece in response.iter_bytes():
                        attempt.feed(piece)
                attempt.end()
            except Exception as error:
                attempt.end(_problem(error))
            finally:
                self._copying -= 1

        self._copies.submit(send)


class _Asked:
    """What the SDK's request says about its split."""

    def __init__(self, request: httpx.Request, content: bytes) -> None:
        self.request, self.content = request, content
        self.unit = request.headers.pop("x-rollout-unit", None)
        self.task = request.headers.pop("x-rollout-task", None)
        retry = request.headers.get("x-stainless-retry-count", "")
        self.retry = int(retry) if retry.isdigit() else 0
        found = ENDPOINT.search(request.url.path)
        self.endpoint = found.group(0) if found else ""
        try:
            self.body = json.loads(content) if found else None
        except ValueError:
            self.body = None
        body = self.body if isinstance(self.body, dict) else {}
        self.model = str(body.get("model", ""))[:1000]
        stores = body.get("store") is not False if self.endpoint == "/responses" else body.get("store") is True
        # Only the arm that stored something can be asked about it.
        stateful = stores or any(body.get(name) for name in ("background", "conversation", "previous_response_id"))
        tools = body.get("tools") or []
        own_tools = isinstance(tools, list) and all(_dict(tool).get("type") in ("function", "custom") for tool in tools)
        self.can_split = bool(body) and (not stateful or bool(self.unit))
        if self.can_split:
            request.headers["accept-encoding"] = "identity"  # What is compressed can't be read along.
        self.can_copy = not stateful and not body.get("web_search_options") and own_tools

    def key(self, retry: int) -> str:
        """Equal for an attempt and its repetition, but for its number."""
        headers = sorted(pair for pair in self.request.headers.items() if pair[0] != "x-stainless-retry-count")
        sent = repr((retry, str(self.request.url), headers, self.unit, self.task)).encode()
        return hashlib.sha256(sent + self.content).hexdigest()


class _Task:
    def __init__(self, name: str, unit: Optional[str], arm: str, attempts: int) -> None:
        self.name, self.unit, self.arm, self.attempts = name, unit, arm, attempts


class _Attempt:
    """One attempt: what to send, what its answer says, and its record."""

    def __init__(self, rollout: Rollout, asked: _Asked, task: _Task, arm: str, last=True, shadow=False) -> None:
        self.rollout, self.asked, self.task, self.arm = rollout, asked, task, arm
        self.last, self.shadow, self.number = last, shadow, task.attempts
        self.ts, self.started = int(time.time() * 1000), time.monotonic()
        self.status, self.streams, self.text, self.facts = 0, False, b"", {}
        self.is_answer = self.is_over = False
        task.attempts += 1

    def parts(self) -> dict:
        """Method, URL, headers and content for the gateway: without the official key."""
        asked, rollout = self.asked, self.rollout
        headers = {name: value for name, value in asked.request.headers.items() if name not in NOT_FORWARDED}
        headers.update({"authorization": f"Bearer {rollout.api_key}", **rollout.headers})
        content = asked.content
        if asked.model in rollout.models:
            content = json.dumps({**asked.body, "model": rollout.models[asked.model]}).encode()
        query = asked.request.url.query.decode()
        url = rollout.base_url + asked.endpoint + (f"?{query}" if query else "")
        return {"method": asked.request.method, "url": url, "headers": headers, "content": content}

    def request(self) -> httpx.Request:
        extensions = self.asked.request.extensions  # Among them the SDK's timeouts.
        if self.arm == "gateway":
            return httpx.Request(**self.parts(), extensions=extensions)
        return self.asked.request

    def begin(self, status: int, headers: Any) -> None:
        self.status = status
        self.streams = "event-stream" in headers.get("content-type", "")
        self.facts["request_id"] = headers.get("x-request-id")
        if status >= 300:
            self.end()

    def may_help(self, first: Optional[bytes]) -> bool:
        """Whether the other arm may answer better. What the official API refuses as wrong goes to nobody else."""
        if self.status >= 300:
            return self.arm == "gateway" or self.status in (408, 429) or self.status >= 500
        return first is not None and FAILURE.match(first) is not None

    def accept(self) -> None:
        """The caller gets this answer, whatever becomes of it."""
        if self.is_over and not self.last:
            self.rollout.keep(self.asked, self.task)
        self.last = True

    def feed(self, piece: bytes) -> None:
        if self.status >= 300:
            return
        if len(self.text) < MOST_READ:
            self.text += piece
        if self.streams:
            *lines, self.text = self.text.split(b"\n")
            for line in lines:
                self._read(line)

    def end(self, problem: Optional[str] = None) -> None:
        if self.is_over:
            return
        self.is_over = True
        error = problem
        if 200 <= self.status < 300:
            self._read(self.text)
            if self.streams:  # After the last word of a stream its reader may well leave.
                error = None if self.facts.get("finish_reason") else problem or "upstream_error"
            elif not self.is_answer and len(self.text) < MOST_READ:
                error = problem or "not_openai_shape"
        error = self.facts.pop("error", None) or error
        used = error is None and 200 <= self.status < 300
        if not used and not self.shadow and self.last:
            self.rollout.keep(self.asked, self.task)
        self.rollout.record({
            "ts": self.ts, "arm": self.arm, "task": self.task.name, "attempt": self.number,
            "endpoint": self.asked.endpoint, "model": self.asked.model, "unit": self.task.unit,
            "status": self.status, "error": error, "duration_ms": (time.monotonic() - self.started) * 1000,
            **self.facts, **({"shadow": True} if self.shadow else {"used": used}),
        })

    def _read(self, text: bytes) -> None:
        try:
            given = json.loads(text[5:] if text.startswith(b"data:") else text)
        except ValueError:
            return
        body = _dict(_dict(given).get("response") or given)
        choices = body.get("choices")
        choice = _dict(choices[0]) if isinstance(choices, list) and choices else {}
        said = _dict(choice.get("delta") or choice.get("message") or choice)
        delta = _dict(given).get("delta")
        says = any(said.get(name) for name in OUTPUT) or (isinstance(delta, str) and delta != "")
        self.is_answer |= any(body.get(name) is not None for name in ("choices", "data", "output", "results"))
        if says and self.streams:
            self.facts.setdefault("ttft_ms", (time.monotonic() - self.started) * 1000)
        if choice:
            self.facts["empty"] = not says and self.facts.get("empty") is not False
        if body.get("error") or _dict(given).get("type") == "error":
            self.facts["error"] = "upstream_error"
        finish = choice.get("finish_reason") or FINISHED.get(str(body.get("status")))
        for name, value in (("answered_model", body.get("model")), ("finish_reason", finish)):
            if isinstance(value, str) and value:
                self.facts[name] = value[:1000]
        usage = _dict(body.get("usage"))
        details = _dict(usage.get("prompt_tokens_details") or usage.get("input_tokens_details"))
        counts = {
            "input_tokens": usage.get("prompt_tokens", usage.get("input_tokens")),
            "cached_input_tokens": details.get("cached_tokens"),
            # Embeddings have none.
            "output_tokens": usage.get("completion_tokens", usage.get("output_tokens", 0 if usage else None)),
        }
        self.facts.update({name: count for name, count in counts.items() if type(count) is int and count >= 0})
        if isinstance(usage.get("cost"), (int, float)) and usage["cost"] >= 0:
            self.facts["cost_usd"] = usage["cost"]


class _Transport(httpx.BaseTransport):
    def __init__(self, rollout: Rollout, inner: httpx.BaseTransport) -> None:
        self.rollout, self.inner = rollout, inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        is_json = request.headers.get("content-type", "").startswith("application/json")
        asked = _Asked(request, request.read() if is_json else b"")
        if not asked.can_split:
            return self.inner.handle_request(request)
        task, arms, copied = self.rollout.plan(asked)
        if copied:
            self.rollout.copy(asked, task)
        for arm in arms:
            last = arm == arms[-1]
            attempt = _Attempt(self.rollout, asked, task, arm, last)
            try:
                response = self.inner.handle_request(attempt.request())
                attempt.begin(response.status_code, response.headers)
                pieces = iter(response.stream)
                first = None if last or attempt.is_over else next(pieces, b"")
            except Exception as error:
                attempt.end(_problem(error))
                if last:
                    raise
                continue
            if last or not attempt.may_help(first):
                attempt.accept()
                response.stream = _Stream(attempt, response.stream, pieces, first)
                return response
            attempt.feed(first or b"")
            attempt.end()
            response.stream.close()
        raise AssertionError("The last arm has answered.")

    def close(self) -> None:
        self.inner.close()


class _Stream(httpx.SyncByteStream):
    """Passes pieces on as they come."""

    def __init__(self, attempt: _Attempt, source: Any, pieces: Any, first: Optional[bytes]) -> None:
        self.attempt, self.source, self.pieces, self.first = attempt, source, pieces, first

    def __iter__(self) -> Any:
        try:
            if self.first:
                self.attempt.feed(self.first)
                yield self.first
            for piece in self.pieces:
                self.attempt.feed(piece)
                yield piece
            self.attempt.end()
        except Exception as error:
            self.attempt.end(_problem(error))
            raise

    def close(self) -> None:
        self.attempt.end("timeout")
        self.source.close()


class _AsyncTransport(httpx.AsyncBaseTransport):
    def __init__(self, rollout: Rollout, inner: httpx.AsyncBaseTransport) -> None:
        self.rollout, self.inner = rollout, inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        is_json = request.headers.get("content-type", "").startswith("application/json")
        asked = _Asked(request, await request.aread() if is_json else b"")
        if not asked.can_split:
            return await self.inner.handle_async_request(request)
        task, arms, copied = self.rollout.plan(asked)
        if copied:
            self.rollout.copy(asked, task)
        for arm in arms:
            last = arm == arms[-1]
            attempt = _Attempt(self.rollout, asked, task, arm, last)
            try:
                response = await self.inner.handle_async_request(attempt.request())
                attempt.begin(response.status_code, response.headers)
                pieces = response.stream.__aiter__()
                first = None if last or attempt.is_over else await _next(pieces)
            except BaseException as error:  # A cancelled task, too.
                attempt.end(_problem(error))
                if last or not isinstance(error, Exception):
                    raise
                continue
            if last or not attempt.may_help(first):
                attempt.accept()
                response.stream = _AsyncStream(attempt, response.stream, pieces, first)
                return response
            attempt.feed(first or b"")
            attempt.end()
            await response.stream.aclose()
        raise AssertionError("The last arm has answered.")

    async def aclose(self) -> None:
        await self.inner.aclose()


class _AsyncStream(httpx.AsyncByteStream):
    """Passes pieces on as they come."""

    def __init__(self, attempt: _Attempt, source: Any, pieces: Any, first: Optional[bytes]) -> None:
        self.attempt, self.source, self.pieces, self.first = attempt, source, pieces, first

    async def __aiter__(self) -> Any:
        try:
            if self.first:
                self.attempt.feed(self.first)
                yield self.first
            async for piece in self.pieces:
                self.attempt.feed(piece)
                yield piece
            self.attempt.end()
        except Exception as error:
            self.attempt.end(_problem(error))
            raise

    async def aclose(self) -> None:
        self.attempt.end("timeout")
        await self.source.aclose()


class _Writer:
    """Appends lines in a thread of its own, so that no request waits for the disk. Survives a fork."""

    def __init__(self, path: str) -> None:
        self.path, self.pid, self.queue = path, 0, queue.Queue(100_000)
        self.lock = threading.Lock()
        atexit.register(lambda: self.pid == os.getpid() and self.queue.join())

    def __call__(self, record: dict) -> None:
        with self.lock:
            if self.pid != os.getpid():
                self.pid, self.queue = os.getpid(), queue.Queue(100_000)
                threading.Thread(target=self._run, args=(self.queue,), daemon=True).start()
        self.queue.put_nowait(json.dumps(record) + "\n")

    def _run(self, lines: queue.Queue) -> None:
        while True:
            line = lines.get()
            try:
                with open(self.path.format(pid=os.getpid()), "a", encoding="utf-8") as file:
                    file.write(line)
            except OSError as error:
                log.warning("A record can't be written: %s", error)
            finally:
                lines.task_done()


async def _next(pieces: Any) -> bytes:
    async for piece in pieces:
        return piece
    return b""


def _dict(value: Any) -> dict:
    """What is none counts as empty: an endpoint may answer anything."""
    return value if isinstance(value, dict) else {}


def _percentage(value: Any) -> float:
    """Of 5, "5" or "5%"."""
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?%?", value):
        value = float(value.rstrip("%"))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
        raise ValueError("expected a number from 0 to 100")
    return float(value)


def _problem(error: BaseException) -> str:
    """The caller's patience, or the connection."""
    left = (httpx.TimeoutException, GeneratorExit, KeyboardInterrupt)
    return "timeout" if isinstance(error, left) or not isinstance(error, Exception) else "unreachable"
