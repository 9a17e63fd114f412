/** Paths: canonical or refused; what is accepted, a lenient URL reader understands in the same way. */
import { DenyError } from "../../../src/domain/errors.ts";
import { canonicalPath } from "../../../src/request/canonical-path.ts";
import { type FuzzTarget, requireHolds } from "../target.ts";

export const path: FuzzTarget = {
  name: "path",
  weight: 1,
  seeds: () =>
    ["/", "/mcp/demo", "/a%20b/c~d", "/a%C3%A9", "/v1/tasks/x:cancel", "/a/b/", "/%41"].map(
      (text) => Buffer.from(text),
    ),
  dictionary: ["/", "//", "/..", "/.", ";", "%2F", "%2e", "%5c", "\\", "%00", "%25", "#", "%c0%af"],
  run: (input) => {
    const [raw = ""] = input.toString("utf8").split("?", 1);
    let canonical: string;
    try {
      canonical = canonicalPath(raw);
    } catch (thrown) {
      if (thrown instanceof DenyError) return thrown.reason;
      throw thrown;
    }
    requireHolds(canonicalPath(canonical) === canonical, "canon(canon(x)) = canon(x)");
    requireHolds(decodeURIComponent(canonical) === decodeURIComponent(raw), "same decoded path");
    // A parser that repairs must find nothing to repair.
    const { pathname, search, hash } = new URL(`http://host${raw}`);
    requireHolds(
      decodeURIComponent(pathname) === decodeURIComponent(raw),
      "same path for a URL parser",
    );
    requireHolds(search === "" && hash === "", "neither query nor fragment");
    return `accepted ${canonical === raw}`;
  },
};
