/**
 * Names of time zones, and the abbreviations of their local times through all of history, as the time
 * zone database 2025c has them; that is the release inside OPA 1.22.2's Go. JavaScript knows the offsets
 * of a zone and hardly any of the abbreviations.
 *
 * One entry reads `Names of one zone: CET=3600 CEST=7200 EET=7200@-781052400`, and goes on in lines that
 * are indented: an abbreviation, the offset east of Greenwich that it stands for, and the time from
 * which it does where the offset was called otherwise before, both in seconds. An offset that is not
 * listed has its digits for a name.
 *
 * @module
 */
import { AFRICA } from "./zone-names-africa.ts";
import { AMERICA } from "./zone-names-america.ts";
import { ASIA } from "./zone-names-asia.ts";
import { EUROPE } from "./zone-names-europe.ts";

/** What an offset is called; of two for the same offset, the later one comes later. */
export interface Abbreviation {
  readonly text: string;
  readonly offsetS: number;
  readonly sinceS: number;
}

const zones = new Map<string, readonly Abbreviation[]>();
for (const text of [AFRICA, AMERICA, ASIA, EUROPE]) {
  for (const entry of text.trim().split(/\n(?! )/)) {
    const [names = "", abbreviations = ""] = entry.split(":");
    const listed = words(abbreviations).map(abbreviation);
    for (const name of words(names)) zones.set(name, listed);
  }
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function abbreviation(word: string): Abbreviation {
  const [text = "", place = ""] = word.split("=");
  const [offsetS = "", sinceS = "-Infinity"] = place.split("@");
  return { text, offsetS: Number(offsetS), sinceS: Number(sinceS) };
}

/** Undefined for a name that the database does not have; letters count as they are written. */
export function abbreviationsOf(name: string): readonly Abbreviation[] | undefined {
  return zones.get(name);
}

/** What local time is called at `seconds` since 1970, where it is `offsetS` east of Greenwich. */
export function abbreviationAt(
  abbreviations: readonly Abbreviation[],
  seconds: number,
  offsetS: number,
): string {
  let found: string | undefined;
  for (const { text, offsetS: named, sinceS } of abbreviations) {
    if (named === offsetS && sinceS <= seconds) found = text;
  }
  return found ?? digits(offsetS);
}

function digits(offsetS: number): string {
  const minutes = Math.floor(Math.abs(offsetS) / 60);
  const hours = String(Math.floor(minutes / 60)).padStart(2, "0");
  const rest = minutes % 60 === 0 ? "" : String(minutes % 60).padStart(2, "0");
  return `${offsetS < 0 ? "-" : "+"}${hours}${rest}`;
}
