const STYLE = `
  :root { color-scheme: light; --ink: #1d2733; --line: #d5dce4; --accent: #1d6fd6; }
  * { box-sizing: border-box; }
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: #f5f7fa; }
  main { max-width: 720px; margin: 32px auto; padding: 24px 32px; background: #fff; border: 1px solid var(--line);
    border-radius: 10px; }
  h1 { margin: 0 0 16px; font-size: 24px; }
  label { display: block; margin: 12px 0 4px; font-weight: 600; }
  input:not([type=checkbox], [type=hidden]), select, textarea { width: 100%; max-width: 360px; padding: 8px 10px;
    font: inherit; border: 1px solid var(--line); border-radius: 6px; }
  button { padding: 8px 18px; font: inherit; color: #fff; background: var(--accent); border: 0; border-radius: 6px;
    cursor: pointer; }
  button:disabled { background: #9fb3c8; cursor: not-allowed; }
  form button, .actions { margin-top: 16px; }
  table { width: 100%; border-collapse: collapse; }
  th, td { padding: 8px; text-align: left; border-bottom: 1px solid var(--line); }
  pre, #record { padding: 8px 12px; background: #eef2f6; border-radius: 6px; overflow: auto; font-size: 14px; }
  .message { padding: 8px 12px; border-radius: 6px; background: #e5f4ea; }
  .message.error { background: #fbe7e7; }
`;

/** A record of what has happened, which every page's script can use and a test can read as text. */
const RECORD = `
  const record = document.querySelector("#record");
  const show = () => { if (record) record.textContent = "clicks: " + record.dataset.clicks + ", misses: " + record.dataset.misses; };
  const click = () => { record.dataset.clicks++; show(); };
  const miss = () => { record.dataset.misses++; show(); };
`;

export interface PageOptions {
  title: string;
  body: string;
  /** Runs at the end of the body; `click()` and `miss()` write to the page's record. */
  script?: string;
  style?: string;
  /** Leaves out the line "clicks: 0, misses: 0" (`#record`). */
  plain?: boolean;
}

/** One whole HTML page of the test site. */
export function page({ title, body, script = "", style = "", plain = false }: PageOptions): string {
  const recordLine = plain ? "" : `<p id="record" data-clicks="0" data-misses="0">clicks: 0, misses: 0</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${STYLE}${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
${recordLine}
</main>
<script>
${RECORD}
${script}
</script>
</body>
</html>`;
}
