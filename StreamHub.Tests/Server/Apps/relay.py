"""An app for the tests: what comes to its port goes to another one, byte for byte."""

import asyncio
import sys

port, target = (int(argument) for argument in sys.argv[1:])


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def relay(reader, writer):
    try:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
    except ConnectionError:
        writer.close()
        return
    await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))


async def main():
    server = await asyncio.start_server(relay, "127.0.0.1", port)
    await server.serve_forever()


asyncio.run(main())
