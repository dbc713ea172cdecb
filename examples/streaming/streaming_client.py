#!/usr/bin/env python3
"""Streams lines of text into Myelin, waits until each is acknowledged, then recalls some of them.

    python3 streaming_client.py URL QUESTION [FILE]      lines from standard input without FILE

Needs nothing but Python 3.9: the WebSocket is the small class below. A larger program would rather use
a WebSocket library, or the gRPC service with grpcio.
"""

import base64
import collections
import json
import os
import random
import socket
import struct
import sys
import time
import urllib.parse

IN_FLIGHT = 500  # observations on their way at a time


class WebSocket:
    """A client's side of RFC 6455, for text messages."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.sock = socket.create_connection((parts.hostname, parts.port or 80), timeout=60)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = self.sock.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        path = "/v1/stream" if parts.path in ("", "/") else parts.path
        self.sock.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        status = self.reader.readline()
        if b" 101 " not in status:
            raise ConnectionError(f"no WebSocket at {url}: {status.decode().strip()}")
        while self.reader.readline().strip():
            pass

    def send(self, message):
        self._frame(1, json.dumps(message).encode())

    def receive(self):
        """The next message; ConnectionError after the last."""
        text = b""
        while True:
            first, length = struct.unpack("!BB", self._exactly(2))
            if length == 126:
                (length,) = struct.unpack("!H", self._exactly(2))
            elif length == 127:
                (length,) = struct.unpack("!Q", self._exactly(8))
            payload = self._exactly(length)
            opcode = first & 0x0F
            if opcode == 8:
                raise ConnectionError("the server closed the connection")
            if opcode == 9:
                self._frame(10, payload)
            if opcode in (0, 1):
                text += payload
                if first & 0x80:
                    return json.loads(text)

    def close(self):
        self.reader.close()
        self.sock.close()

    def _frame(self, opcode, payload):
        size = len(payload)
        head = struct.pack("!B", 0x80 | opcode)
        if size < 126:
            head += struct.pack("!B", 0x80 | size)
        elif size < 65536:
            head += struct.pack("!BH", 0x80 | 126, size)
        else:
            head += struct.pack("!BQ", 0x80 | 127, size)
        mask = os.urandom(4)
        pattern = (mask * (size // 4 + 1))[:size]
        masked = int.from_bytes(payload, "big") ^ int.from_bytes(pattern, "big")
        self.sock.sendall(head + mask + masked.to_bytes(size, "big"))

    def _exactly(self, size):
        data = self.reader.read(size)
        if len(data) < size:
            raise ConnectionError("the connection broke")
        return data


class Stream:
    """One session over as many connections as it takes."""

    def __init__(self, url, space):
        self.url, self.space = url, space
        self.session = None
        self.unacknowledged = collections.OrderedDict()  # number -> episode
        self.last = 0
        self.acknowledged = 0
        self.ws = None

    def connect(self):
        """Connects, resumes, and sends again what the server has not settled."""
        attempt = 0
        while True:
            try:
                self.ws = WebSocket(self.url)
                self._init()
                return
            except OSError as error:
                delay = random.uniform(0, min(10, 0.1 * 2**attempt))
                print(f"no connection ({error}), next attempt in {delay:.1f} s", file=sys.stderr)
                time.sleep(delay)
                attempt = min(attempt + 1, 10)

    def _init(self):
        init = {"type": "init", "memory_space_id": self.space, "client_buffer_size": IN_FLIGHT}
        if self.session:
            init["resume_session_id"] = self.session
        self.ws.send(init)
        ack = self.ws.receive()
        if ack["type"] != "init_ack":
            raise SystemExit(f"refused: {ack.get('message', ack)}")
        settled = ack["initial_sequence"]
        if ack["session_id"] == self.session:
            for number in [n for n in self.unacknowledged if n <= settled]:
                del self.unacknowledged[number]
                self.acknowledged += 1
            print(f"resumed {self.session} after {settled}")
        else:
            print(f"session {ack['session_id']}")
        self.session = ack["session_id"]
        waiting = list(self.unacknowledged.values())
        self.unacknowledged.clear()
        self.last = settled
        for episode in waiting:  # the same numbers, unless the server forgot the session
            self._send(episode)

    def observe(self, episode):
        self._reliably(lambda: self._send(episode))
        while len(self.unacknowledged) >= IN_FLIGHT:
            self._reliably(self._receive)

    def drain(self):
        while self.unacknowledged:
            self._reliably(self._receive)

    def recall(self, question, count):
        results = []

        def ask():
            results.clear()
            self.ws.send({"type": "recall", "request_id": "q", "cue": {"text": question}, "max_results": count})
            while True:
                message = self.ws.receive()
                if message["type"] == "recall_result":
                    results.extend(message["results"])
                    if not message["more_results"]:
                        return
                elif message["type"] == "error":
                    raise SystemExit(message["message"])

        self._reliably(ask, again=True)
        return results

    def close(self):
        self.ws.send({"type": "close", "session_id": self.session, "drain": True})
        while (message := self.ws.receive())["type"] != "status":
            pass
        self.ws.close()
        return message["last_sequence"]

    def _send(self, episode):
        self.last += 1
        self.unacknowledged[self.last] = episode
        self.ws.send(
            {"type": "observation", "session_id": self.session, "sequence_number": self.last, "episode": episode}
        )

    def _receive(self):
        message = self.ws.receive()
        if message["type"] == "ack":
            episode = self.unacknowledged.pop(message["sequence_number"], None)
            if message["status"] == "rejected":
                print(f"rejected: {message['reason']}", file=sys.stderr)
            elif episode:
                self.acknowledged += 1
        elif message["type"] == "error":
            raise ConnectionError(message["message"])  # out of step: resuming puts it right

    def _reliably(self, step, again=False):
        """Does a step; if the connection breaks, makes a new one, which sends all that is
        unacknowledged, and does the step again if that does not cover it."""
        try:
            step()
        except OSError as error:
            print(f"connection lost: {error}", file=sys.stderr)
            self.ws.close()
            self.connect()
            if again:
                self._reliably(step, again)


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    url, question = sys.argv[1:3]
    lines = open(sys.argv[3], encoding="utf-8") if len(sys.argv) > 3 else sys.stdin
    stream = Stream(url, "streaming-example")
    stream.connect()
    run = os.urandom(6).hex()
    for number, line in enumerate(lines):
        if line.strip():
            # With a name of its own an episode that is sent twice is remembered once.
            stream.observe({"id": f"{run}-{number}", "what": line.rstrip("\n")})
    stream.drain()
    print(f"{stream.acknowledged} acknowledged")
    for memory in stream.recall(question, 3):
        print(f"recalled: {memory['content']}")
    print(f"closed after {stream.close()}")


if __name__ == "__main__":
    main()
