/** The style of the pages, for light and dark screens, from 360 pixels on. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ink: #1c2126; --soft: #5b6570; --line: #d9dee3; --paper: #fff; --panel: #f6f8fa; --link: #0b5cad;
  --good: #1a7f37; --bad: #c62828; --odd: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e9ec; --soft: #9aa5b1; --line: #333b44; --paper: #14181c; --panel: #1c2228; --link: #79b8ff;
    --good: #56d364; --bad: #ff7b72; --odd: #e3b341;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header { display: flex; gap: 1rem; padding: 0.6rem 1rem; border-bottom: 1px solid var(--line); }
header a:first-child { font-weight: 700; }
main { max-width: 62rem; margin: 0 auto; padding: 0.5rem 1rem 3rem; }
a { color: var(--link); }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p, li, td, th, pre, code { overflow-wrap: anywhere; }
.soft { color: var(--soft); }
pre { padding: 0.7rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; }
pre, code { font: 0.875rem/1.45 ui-monospace, monospace; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 600; }
th, time { white-space: nowrap; }
th, td { padding: 0.4rem 0.6rem 0.4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:first-child { min-width: 6rem; }
.number { text-align: right; white-space: nowrap; overflow-wrap: break-word; }
@media (max-width: 30rem) {
  .number { white-space: normal; }
  th, td { padding-right: 0.3rem; }
}
.badge { display: inline-block; padding: 0 0.5rem; border: 1px solid currentColor; border-radius: 999px; color: var(--soft); font-size: 0.85rem; white-space: nowrap; }
.badge.passed, .badge.approved, .badge.completed { color: var(--good); }
.badge.failed, .badge.blocked { color: var(--bad); }
.badge.error, .badge.flaky { color: var(--odd); }
.badge.running, .badge.queued, .badge.in_progress { color: var(--link); }
svg.history { display: block; width: 100%; max-width: 25rem; height: 3rem; }
svg.history rect { fill: var(--soft); }
svg.history rect.passed { fill: var(--good); }
svg.history rect.failed { fill: var(--bad); }
svg.history rect.error, svg.history rect.flaky { fill: var(--odd); }
section.step { margin: 1rem 0; padding: 0.8rem 1rem; background: var(--panel); border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 6px; }
section.step.passed { border-left-color: var(--good); }
section.step.failed { border-left-color: var(--bad); }
section.step.error { border-left-color: var(--odd); }
section.step > p { margin: 0.4rem 0; }
ol.commands { margin: 0.6rem 0 0; padding-left: 2rem; }
ol.commands li { margin: 0.25rem 0; }
ol.commands li.last { color: var(--bad); font-weight: 600; }
.wrong { color: var(--bad); white-space: pre-wrap; }
.pictures { display: flex; flex-wrap: wrap; gap: 0.6rem; margin: 0.6rem 0; }
.pictures img { display: block; width: 20rem; max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 4px; }
figure { margin: 0; }
figcaption { color: var(--soft); font-size: 0.85rem; }
video { max-width: 100%; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; }
label { display: grid; gap: 0.2rem; flex: 1 1 16rem; }
input, button { font: inherit; padding: 0.45rem 0.7rem; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); color: inherit; }
button { background: var(--link); color: var(--paper); border-color: transparent; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
`;
