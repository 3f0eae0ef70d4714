#!/usr/bin/env python3
"""A proxy on the loopback that keeps every byte back for a time, as a network does. usage: delay.py TARGET_PORT MILLISECONDS

Prints its port. Each direction waits for half of the time, which is the round trip."""
import asyncio
import sys

TARGET, HALF = int(sys.argv[1]), float(sys.argv[2]) / 2000


async def pump(reader, writer):
    loop = asyncio.get_running_loop()
    waiting = asyncio.Queue()

    async def deliver():
        while True:
            due, data = await waiting.get()
            await asyncio.sleep(due - loop.time())
            writer.write(data)
            if not data:
                writer.close()
                return

    task = asyncio.create_task(deliver())
    while data := await reader.read(65536):
        waiting.put_nowait((loop.time() + HALF, data))
    waiting.put_nowait((loop.time() + HALF, b''))
    await task


async def serve(reader, writer):
    there, back = await asyncio.open_connection('127.0.0.1', TARGET)
    await asyncio.gather(pump(reader, back), pump(there, writer), return_exceptions=True)


async def main():
    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
