import { html, type Html } from "../../html.js";

export interface Page {
  title: string;
  body: Html;
  /**
   * Seconds after which a browser loads the page again, while something on it is under way.
   * @defaultValue never
   */
  refresh?: number | undefined;
}

/** A whole document around the body of a page. It needs no script. */
export function documentOf({ title, body, refresh }: Page): string {
  return `<!doctype html>\n${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${refresh !== undefined && html`<meta http-equiv="refresh" content="${refresh}" />`}
        <title>${title} – Stepwire</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/pages/style.css" />
      </head>
      <body>
        <header><a href="/">Stepwire</a> <a href="/docs">API</a></header>
        <main>${body}</main>
      </body>
    </html>`.text
  }\n`;
}

/** A verdict or a status as a coloured word. */
export function badge(status: string): Html {
  return html`<span class="badge ${status}">${status.replaceAll("_", " ")}</span>`;
}

/** The result that a step expects, and the reason why it did not pass. */
export function expectedAndSeen(expectedResult: string, errorMessage: string | null): Html {
  return html`${expectedResult !== "" && html`<p><span class="soft">Expected:</span> ${expectedResult}</p>`}
  ${errorMessage !== null && html`<p class="wrong">${errorMessage}</p>`}`;
}

/** @param number heading of the last column, which holds numbers */
export function table(headings: readonly string[], number: string, rows: readonly Html[]): Html {
  return html`<div class="table">
    <table>
      <thead>
        <tr>
          ${headings.map((heading) => html`<th>${heading}</th>`)}
          <th class="number">${number}</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** Such as "2.4 s" or "35 ms". */
export function duration(ms: number | null): string {
  if (ms === null) return "";
  if (ms < 1_000) return `${ms} ms`;
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

export function time(date: Date): Html {
  const iso = date.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}
