import * as http from "node:http";
import * as net from "node:net";
import type { Duplex } from "node:stream";

/**
 * A proxy on this machine, for plain requests and for tunnels. Wherever they want to go, they are led to `target`, a port of this machine:
 * names such as sagemaker.eu-west-1.amazonaws.com need not be known here.
 */
export class FakeProxy {
  /** "CONNECT host:443" or "POST http://host/", in order, with who asked where that was said. */
  readonly asked: string[] = [];
  target = 0;
  readonly #sockets = new Set<Duplex>();
  readonly #server = http
    .createServer((request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      const onward = http.request(
        { port: this.target, host: "127.0.0.1", method: request.method, headers: request.headers },
        (answer) => answer.pipe(response),
      );
      request.pipe(onward);
    })
    .on("connect", (request, socket) => {
      const [, user] = (request.headers["proxy-authorization"] ?? "").split(" ");
      const by = user ? ` by ${Buffer.from(user, "base64")}` : "";
      this.asked.push(`CONNECT ${request.url}${by}`);
      const onward = net.connect(this.target, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      for (const end of [socket, onward]) {
        this.#sockets.add(end);
        end.on("error", () => {});
      }
    });

  /** Host and port. */
  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    return `127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
