/** The style of the report, for light and dark screens, from 320 pixels on. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ink: #1c2126; --soft: #57616b; --line: #d9dee3; --paper: #fff; --panel: #f6f8fa; --link: #0b5cad;
  --good: #1a7f37; --bad: #c62828; --odd: #855600;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e9ec; --soft: #9aa5b1; --line: #333b44; --paper: #14181c; --panel: #1c2228; --link: #79b8ff;
    --good: #56d364; --bad: #ff7b72; --odd: #e3b341;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 64rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1rem; }
main { padding-bottom: 3rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2, h3 { display: inline; font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
h4 { font-size: 0.9rem; margin: 0.9rem 0 0.2rem; color: var(--soft); font-weight: 600; }
p { margin: 0.3rem 0; }
p, li, dd, pre, code, summary { overflow-wrap: anywhere; }
a { color: var(--link); }
code, pre { font: 0.85rem/1.45 ui-monospace, monospace; }
pre { margin: 0.3rem 0; padding: 0.6rem; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; max-height: 20rem; overflow: auto; }
.soft { color: var(--soft); font-size: 0.9rem; }
.tiles { display: flex; flex-wrap: wrap; gap: 0.6rem; list-style: none; padding: 0; margin: 0.8rem 0; }
.tiles li { padding: 0.3rem 0.8rem; border: 1px solid var(--line); border-radius: 6px; background: var(--panel); }
.tiles strong { font-size: 1.25rem; }
fieldset { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: center; margin: 0.8rem 0; padding: 0; border: 0; }
legend { float: left; padding: 0; margin-right: 1rem; font-weight: 600; }
fieldset label { display: inline-flex; gap: 0.35rem; align-items: center; min-height: 1.75rem; }
input[type="search"] { font: inherit; width: 16rem; max-width: 100%; padding: 0.35rem 0.6rem; border: 1px solid var(--soft); border-radius: 6px; background: var(--paper); color: inherit; }
.badge { display: inline-block; padding: 0 0.5rem; border: 1px solid currentColor; border-radius: 999px; font-size: 0.8rem; white-space: nowrap; color: var(--soft); }
.passed > summary .badge.passed, .badge.passed, .tiles .passed strong { color: var(--good); }
.badge.failed, .tiles .failed strong { color: var(--bad); }
.badge.error, .badge.flaky, .badge.unchecked, .tiles .odd strong { color: var(--odd); }
.run, .step { border: 1px solid var(--line); border-left: 4px solid var(--soft); border-radius: 6px; margin: 0.6rem 0; background: var(--panel); }
.step { background: var(--paper); }
.run.passed, .step.passed { border-left-color: var(--good); }
.run.failed, .step.failed { border-left-color: var(--bad); }
.run.error, .step.error { border-left-color: var(--odd); }
.run > summary, .step > summary { padding: 0.5rem 0.8rem; cursor: pointer; }
.run > div, .step > div { padding: 0 0.8rem 0.8rem; }
.timeline { display: block; width: 100%; height: 1.5rem; margin: 0.4rem 0; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; }
.timeline rect { fill: var(--soft); }
.timeline .passed { fill: var(--good); }
.timeline .failed { fill: var(--bad); }
.timeline .error { fill: var(--odd); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 0.8rem; margin: 0.4rem 0; }
dt { color: var(--soft); }
dd { margin: 0; white-space: pre-wrap; }
dd.wrong, li.last, p.wrong { color: var(--bad); }
p.wrong { white-space: pre-wrap; }
ol.commands { margin: 0.3rem 0; padding-left: 2.2rem; }
li.last { font-weight: 600; }
.pictures { display: flex; flex-wrap: wrap; gap: 0.6rem; }
figure { margin: 0.3rem 0; max-width: 100%; }
figure img { display: block; width: 30rem; max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 4px; }
figcaption { color: var(--soft); font-size: 0.85rem; }
video { display: block; width: 40rem; max-width: 100%; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
body:has(#show-wrong:checked) .run:not(.failed, .error, .skipped),
body:has(#show-flaky:checked) .run:not(.is-flaky),
body:has(#show-unchecked:checked) .run:not(.is-unchecked),
.run.is-hidden { display: none; }
@media (max-width: 30rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 0.4rem; }
  .run > div, .step > div, .run > summary, .step > summary { padding-left: 0.5rem; padding-right: 0.5rem; }
}
`;

/** Hides the tests whose names do not hold the words that are typed. Everything else works without a script. */
export const SCRIPT = `const search = document.querySelector("input[type=search]");
search.addEventListener("input", () => {
  const words = search.value.toLowerCase();
  for (const run of document.querySelectorAll(".run")) {
    run.classList.toggle("is-hidden", !run.dataset.name.toLowerCase().includes(words));
  }
});
`;
