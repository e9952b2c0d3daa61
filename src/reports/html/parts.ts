import { html, type Html } from "../../html.js";
import type { ReportArtifact } from "../../protocol/report.js";
import { artifactName } from "../words.js";

/** A file that belongs to a run. */
export interface ReadArtifact {
  mediaType: string;
  bytes: Uint8Array;
}

export interface HtmlReportOptions {
  /** Reads a file that is put into the report; undefined for one that is gone. */
  read: (href: string) => Promise<ReadArtifact | undefined>;
  /** The address of a file that the report leads to; undefined for one that is not beside it. */
  linkOf: (href: string) => string | undefined;
}

export interface SectionOptions extends HtmlReportOptions {
  /** Whether steps that passed show their last pictures too. */
  hasAllPictures: boolean;
}

const WORDS: Record<string, string> = {
  unchecked: "checks nothing",
  error: "could not be judged",
  skipped: "not run",
};

/** A verdict, or a remark beside it, as a coloured word. */
export function badge(status: string): Html {
  return html`<span class="badge ${status}">${WORDS[status] ?? status}</span>`;
}

/** A picture that is in the file itself; nothing where it is gone. */
export async function picture(
  href: string,
  caption: string,
  { read }: Pick<HtmlReportOptions, "read">,
): Promise<Html | undefined> {
  const found = await read(href);
  if (!/^image\/(?:jpeg|png)$/.test(found?.mediaType ?? "") || found === undefined) return undefined;
  const source = `data:${found.mediaType};base64,${Buffer.from(found.bytes).toString("base64")}`;
  return html`<figure>
    <img src="${source}" alt="${caption}" loading="lazy" />
    <figcaption>${caption}</figcaption>
  </figure>`;
}

/** True for pictures of the page, and for those that were compared. */
export function isPicture({ kind }: ReportArtifact): boolean {
  return kind.startsWith("screenshot");
}

/** Links to the files that are beside the report. */
export function artifactLinks(
  artifacts: readonly ReportArtifact[],
  { linkOf }: Pick<HtmlReportOptions, "linkOf">,
): Html | undefined {
  const links = artifacts.flatMap((artifact) => {
    const link = linkOf(artifact.href);
    return link === undefined ? [] : [html`<a href="${link}">${artifactName(artifact)}</a> `];
  });
  return links.length === 0 ? undefined : html`<p class="soft">${links}</p>`;
}
