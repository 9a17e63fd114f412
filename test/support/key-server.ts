/** A provider of key sets on a real TLS socket that answers as a test says, however badly. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type KeyAnswer = (response: ServerResponse, request: IncomingMessage) => void;

export interface Certificate {
  readonly keyPem: string;
  readonly certPem: string;
}

/** Self-signed for `names` (`DNS:…`, `IP:…`); a dated one was good for a day long ago. */
export function makeCertificate(names: string, isExpired = false): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "sark-authz-cert-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key];
  const subject = ["-subj", "/CN=localhost", "-addext", `subjectAltName=${names}`];
  try {
    if (isExpired) {
      const [request, config] = [join(folder, "request.pem"), join(folder, "ca.conf")];
      writeFileSync(config, authorityConfig(folder));
      for (const [name, text] of [
        ["index", ""],
        ["serial", "01\n"],
      ] as const) {
        writeFileSync(join(folder, name), text);
      }
      openssl("req", "-new", ...kind, "-out", request, ...subject);
      const dates = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"];
      const files = ["-config", config, "-keyfile", key, "-in", request, "-out", cert];
      openssl("ca", "-selfsign", "-batch", "-notext", ...dates, ...files);
    } else openssl("req", "-x509", ...kind, "-days", "2", "-out", cert, ...subject);
    return { keyPem: readFileSync(key, "utf8"), certPem: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Only this command of openssl takes dates in every version. */
function authorityConfig(folder: string): string {
  return `[ca]
default_ca = own
[own]
database = ${folder}/index
serial = ${folder}/serial
new_certs_dir = ${folder}
default_md = sha256
copy_extensions = copy
policy = any
[any]
commonName = supplied
`;
}

export function answerJson(document: unknown, headers: Record<string, string> = {}): KeyAnswer {
  return (response) => {
    response
      .writeHead(200, { "content-type": "application/jwk-set+json", ...headers })
      .end(JSON.stringify(document));
  };
}

export async function startKeyServer({ keyPem, certPem }: Certificate) {
  const script: { answer: KeyAnswer } = { answer: (response) => response.end() };
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer({ key: keyPem, cert: certPem }, (request, response) => {
    requests++;
    script.answer(response, request);
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/keys`,
    port,
    script,
    requests: () => requests,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
