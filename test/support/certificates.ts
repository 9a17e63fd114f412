/** A certificate authority for one test, made with openssl, and certificates that it signed. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

export class CertificateAuthority {
  readonly #folder: string;
  readonly #own: CertificateFiles;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#own = this.#make(name, ["-addext", "basicConstraints=critical,CA:TRUE"]);
  }

  get caFile(): string {
    return this.#own.certificateFile;
  }

  /** @param names subject alternative names as openssl writes them; none = only a subject */
  sign(name: string, names?: string): CertificateFiles {
    const { certificateFile, keyFile } = this.#own;
    const extension = names === undefined ? [] : ["-addext", `subjectAltName=${names}`];
    return this.#make(name, [
      ...["-CA", certificateFile, "-CAkey", keyFile],
      ...["-addext", "basicConstraints=critical,CA:FALSE", ...extension],
    ]);
  }

  #make(name: string, options: readonly string[]): CertificateFiles {
    const certificateFile = join(this.#folder, `${name}.crt`);
    const keyFile = join(this.#folder, `${name}.key`);
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", ...key, "-days", "2", "-subj", `/CN=${name}`, ...options],
        ...["-keyout", keyFile, "-out", certificateFile],
      ],
      { stdio: "pipe" },
    );
    return { certificateFile, keyFile };
  }
}

/** As node:tls takes them. */
export function pemOf({ certificateFile, keyFile }: CertificateFiles) {
  return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
}
