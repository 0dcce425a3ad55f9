"""A server in front of another one on this machine, which writes down what it is sent.

front.py plain LOG PORT             passes bytes on
front.py tls LOG PORT CERT KEY      takes TLS off, and passes bytes on
front.py proxy LOG PORT             an HTTP proxy: every CONNECT leads to that port
front.py skewed LOG PORT SECONDS    passes bytes on, and moves the date of each answer by so many seconds

Prints its own port. LOG gets every byte from clients, LOG.accepted a line for each connection.
"""

import email.utils
import re
import select
import socket
import ssl
import sys
import threading
import time

mode, log, target = sys.argv[1], sys.argv[2], int(sys.argv[3])
writing = threading.Lock()


def note(name, data):
    with writing, open(name, "ab") as file:
        file.write(data)


def secured(client):
    if mode != "tls":
        return client
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    return context.wrap_socket(client, server_side=True)


def greeted(client):
    """What a proxy is told before the tunnel opens."""
    if mode != "proxy":
        return
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(4096)
        if not data:
            raise OSError("no CONNECT")
        head += data
    note(log, head)
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")


def dated(answer):
    """An answer, whose head comes in one piece, with the time that it is at a server whose clock is wrong."""
    if mode != "skewed" or not answer.startswith(b"HTTP/"):
        return answer
    date = email.utils.formatdate(time.time() + float(sys.argv[4]), usegmt=True)
    return re.sub(rb"(?mi)^date:[^\r]*", b"Date: " + date.encode(), answer, count=1)


def serve(client):
    try:
        client = secured(client)
        greeted(client)
        upstream = socket.create_connection(("127.0.0.1", target))
    except OSError:
        client.close()
        return
    with client, upstream:
        while True:
            pending = mode == "tls" and client.pending()
            ready = [client] if pending else select.select([client, upstream], [], [])[0]
            try:
                for source in ready:
                    data = source.recv(65536)
                    if not data:
                        return
                    if source is client:
                        note(log, data)
                        upstream.sendall(data)
                    else:
                        client.sendall(dated(data))
            except OSError:
                return


listener = socket.create_server(("127.0.0.1", 0))
note(log, b"")
note(log + ".accepted", b"")
print(listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    note(log + ".accepted", b"accepted\n")
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
