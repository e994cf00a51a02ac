"""Three services are asked at once; their answers need work before they can be used.

Look for: `[await]`, the time in which every request waited for somebody else, and the rest: while
`parse` or `dumps` ran, no other request could go on.
"""

import asyncio
import json

DELAYS = {"weather": 0.15, "traffic": 0.3, "tides": 0.6}
"""Seconds that each service thinks about a request."""


async def serve(reader, writer):
    service = (await reader.readline()).decode().strip()
    await asyncio.sleep(DELAYS[service])
    rows = [{"service": service, "hour": hour, "value": hour * 0.5} for hour in range(50_000)]
    writer.write(json.dumps(rows).encode())
    writer.close()


def parse(answer):
    rows = json.loads(answer)
    return sum(row["value"] for row in rows) / len(rows)


async def request(port, service):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{service}\n".encode())
    answer = await reader.read()
    writer.close()
    return service, parse(answer)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        for service, mean in await asyncio.gather(*(request(port, name) for name in DELAYS)):
            print(f"{service:8} {mean:.1f}")


if __name__ == "__main__":
    asyncio.run(main())
