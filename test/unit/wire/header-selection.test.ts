/** A header is selected by its exact name or a prefix, whatever the case of its ASCII letters. */
import { describe, expect, it } from "vitest";
import { selectedName, selectHeaders } from "../../../src/wire/header-selection.ts";
import { Reader } from "../../../src/wire/reader.ts";

const selection = selectHeaders(["authorization", "host", "x-ab", "x-cd"], ["mcp-", "x-sark-"]);

function selected(name: string): string | undefined {
  const { bytes, end } = new Reader(Buffer.from(name));
  return selectedName(selection, bytes, 0, end);
}

describe("selectedName", () => {
  it.each([
    ["authorization", "authorization"],
    ["AUTHORIZATION", "authorization"],
    ["x-ab", "x-ab"],
    ["x-cd", "x-cd"],
    ["mcp-", "mcp-"],
    ["Mcp-Session-Id", "mcp-session-id"],
    ["x-sark-user-id", "x-sark-user-id"],
  ])("takes %s as %s", (name, expected) => {
    expect(selected(name)).toBe(expected);
  });

  it.each(["", "authorizatio", "authorization2", "x-ac", "mcp", "x-sar", "xmcp-a", "HOST\0"])(
    "leaves out %j",
    (name) => {
      expect(selected(name)).toBeUndefined();
    },
  );

  it("does not fold letters outside ASCII: the Kelvin sign stays", () => {
    expect(selected("mcp-\u{212a}EY")).toBe("mcp-\u{212a}ey");
    expect(selected("x-sar\u{212a}-user-id")).toBeUndefined();
  });

  it("selects nothing from an empty selection and everything with an empty prefix", () => {
    const { bytes, end } = new Reader(Buffer.from("Any"));
    expect(selectedName(selectHeaders([], []), bytes, 0, end)).toBeUndefined();
    expect(selectedName(selectHeaders([], [""]), bytes, 0, end)).toBe("any");
  });

  it("does not compare beyond the name", () => {
    const { bytes } = new Reader(Buffer.from("host: mcp-a"));
    expect(selectedName(selection, bytes, 0, 4)).toBe("host");
    expect(selectedName(selection, bytes, 0, 3)).toBeUndefined();
    expect(selectedName(selection, bytes, 6, 9)).toBeUndefined();
  });

  it("takes an underscore for a dash, as some servers do", () => {
    const twins = selectHeaders(["x-ab"], ["mcp-"], ["x-envoy-"]);
    const pick = (name: string) => {
      const { bytes, end } = new Reader(Buffer.from(name));
      return selectedName(twins, bytes, 0, end);
    };
    expect(["X_AB", "mcp_a", "x_envoy_a", "x-envoy-a_b"].map(pick)).toEqual([
      ...["x_ab", "mcp_a", "x_envoy_a", "x-envoy-a_b"],
    ]);
    expect(["x_ac", "a_b", "x-envoy-a", "_"].map(pick)).toEqual(Array(4).fill(undefined));
  });
});
