import { LOCATORS, LOCATORS_BY_WORTH } from "../src/protocol/commands.js";
import { table } from "./schema-fields.js";

interface GuideTables {
  /** Every command with a link, by kind. */
  contents: string;
  locatorFields: string;
  commonFields: string;
}

/** Rules for many commands at once: the beginning of the reference page. */
export function commandsGuide({ contents, locatorFields, commonFields }: GuideTables): string {
  return `# Commands

A script is a JSON array of commands, each an object with an \`action\` and the fields of that action. Commands are
data: there is none that runs code, and a field that a command does not have is an error.

\`\`\`json
[
  { "action": "navigate", "url": "https://shop.example/login" },
  { "action": "input", "locator_type": "label", "locator_value": "Username", "text": "tomsmith" },
  { "action": "input", "locator_type": "label", "locator_value": "Password", "text": "\${secret.SHOP_PASSWORD}" },
  { "action": "click", "locator_type": "role", "locator_value": "button", "locator_name": "Log in" },
  { "action": "verify_text", "locator_type": "tag", "locator_value": "h1", "expected_text": "Welcome" }
]
\`\`\`

${contents}

The same as a JSON Schema: [generated/command.schema.json](generated/command.schema.json).

## What many commands share

### Locators

A command that acts on an element says with these fields where it is. Below they are called **a locator**.

${locatorFields}

${table(
  ["locator_type", "finds", "example"],
  LOCATORS_BY_WORTH.map((type) => [
    `\`${type}\``,
    LOCATORS[type].finds,
    `\`${JSON.stringify({ locator_type: type, ...LOCATORS[type].example })}\``,
  ]),
)}

Prefer what a person perceives (\`role\`, \`label\`, \`placeholder\`, \`text\`): it stays when the page is built anew, and
a page on which it cannot be found is hard to use for people as well. \`alternatives\` make a script hold when a page
changes: when the first locator has found nothing for a second, the others are tried in order.

\`\`\`json
{
  "action": "click",
  "locator_type": "role",
  "locator_value": "button",
  "locator_name": "Delete",
  "within": { "locator_type": "css", "locator_value": "#orders tr", "nth": 2 },
  "alternatives": [
    { "locator_type": "test_id", "locator_value": "delete-order" },
    { "locator_type": "role", "locator_value": "button", "locator_name": "remove", "exact": false }
  ]
}
\`\`\`

### Time and checks

${commonFields}

\`timeout\` is on every command that waits for the page; \`not\` and \`soft\` are on checks. A step with a soft check that
did not pass goes on to its end and is \`failed\` then.

### What is waited for

No script needs to wait for a page, and none does so in vain: a command goes on as soon as it can.

- \`click\`, \`double_click\` and \`right_click\` wait until the element is there, can be seen, stays where it is, is
  enabled and is not covered by another; then they scroll to it and press real mouse buttons. \`hover\`,
  \`mouse_move\` and \`drag_and_drop\` do the same but for elements that are disabled too. An element that moves
  away just then is gone after, and what came into its place learns nothing of a press.
- What moves without an end in sight (an animation that repeats for ever, or a script that goes on for a second) is
  clicked where it is. What only says that it is disabled (\`aria-disabled\`) is clicked too, after a second in which it
  may change its mind, and the run's log says so; \`verify_enabled\` and the like still take its word. Where something
  covers the element because the pointer is where the last command left it, as a tooltip does, the pointer goes aside.
- Commands that give input, such as clicks, texts, keys, choices and files, first wait for what makes a document that has
  just come answer them: its scripts, also \`async\` ones, modules and those that scripts add, at most
  \`READY_TIMEOUT\` (5) seconds from its coming and four fifths of their own time; and the event \`load\`, where only pictures
  or frames are missing, at most 1.5 s. Checks do not wait for that.
- \`switch_frame\` brings a frame near that is loaded only then (\`loading="lazy"\`). Where the page removes the current
  frame and puts another in its place, commands go on in that one as soon as the locator of \`switch_frame\` finds it
  and no other; where the page around the frame is replaced, they go on in the frame that the locator finds in the new
  page once that is ready for input, or else in that page itself. The run's log says so.
- \`input\`, \`clear\` and \`edit_content\` wait until the field can be seen, is enabled and is not read-only; then they
  type with real keys. A code editor that draws its text by itself (Monaco, Ace, CodeMirror 5) is named as a whole,
  such as by \`.monaco-editor\`, or by its label; all of it is selected by its keys. Its own help is at work as for
  people: where it closes brackets or indents lines, the text holds these too.
- Keys come as fast as the browser takes them, or with a \`delay\` in milliseconds between them (of the command, or
  \`typing_delay\` of the test case, or \`TYPING_DELAY\` of the server): a page that takes fast keys for a barcode scanner's needs some 50. In a field that is for a part of
  the text only, by its \`maxlength\` or its width (a digit of a code, a group of a number), each key waits for what the page
  does at the one before it, such as taking the focus on to the next field. \`type_text\` types where the focus is.
- Keys that belong to the browser do what they do there where the page does not prevent it: \`F5\` and \`Control+R\` (also
  with Shift) reload, \`Alt+ArrowLeft\` and \`Alt+ArrowRight\` go back and forward, and
  \`Control+Plus\`, \`Control+Minus\` and \`Control+0\` zoom by the steps of Chromium (25 to 500 %): for all pages and windows until
  the end of the session, where a browser goes by the host. Over classic WebDriver only Chromium zooms. Others, such as those
  for tabs, search and print, do nothing in a test, and the run's log says so.
- \`select\` waits until the list is enabled and has the options.
- Every check but \`verify_variable\` waits until it is so; it fails only when it is still not so at the end of its \`timeout\`. With \`not\`, it
  waits until it is not so.
- While a link or a form waits for its answer, commands wait with it, and go on where it brings nothing (204) or a
  download. Checks that something is there look at the page that is there after \`NAVIGATION_GRACE\` (1.5) seconds from its
  beginning; input, and checks that something is not there, after three fifths of their own time besides. Some commands
  need an answer that the browser does not give meanwhile (a frame's, a title's); they are an error that names the address and
  for how long it has been pending. Over classic WebDriver the driver itself waits, and answers nothing meanwhile.
- \`navigate\` waits until the document is interactive, and what comes next waits for what it needs of it.

### Which element

Every locator looks at all that it finds. A command that acts takes the first match that a person could act on as asked:
one that can be seen and reached, is of the right kind (a field for \`input\`, a list for \`select\`), is not inert and not
behind a modal dialog. The log says which match it took when that was not the first in the document, and why. A match
that is only covered is waited for a second before another is taken, for most covers go away; what lies on top of the cover,
as in a dialog over its twin, is taken at once. With \`nth\` the match is the one that was named, and no other.

Checks hold for one or for all: \`verify_visible\`, \`verify_text\` and \`wait_for_text\` for one of the matches that can be
seen; \`verify_hidden\`, \`verify_element_absent\` and checks with \`not\` for all of them.

With \`strict\`, or where the server says \`STRICT_LOCATORS=true\`, a locator that finds several elements that can be seen
is refused, with their names.

### What can be seen

An element can be seen when something of it is drawn where people can get it on the screen:

- It has a size, in one direction more than a pixel, and is rendered: no \`display: none\`, \`visibility: hidden\`, closed
  \`<details>\`. Of one without a size of its own, what overflows it counts. Of an element that is only text, the text has
  to have a size and a colour. An area of an image, an option of a closed list and a part of a drawing are seen with
  what draws them; of a closed list only the chosen option is seen.
- It and all around it are together at least 10 % opaque.
- No box cuts it off that people cannot scroll: \`overflow: hidden\` or \`clip\`, \`clip-path\`, the edge of a page that is
  locked or ends before it. What can be scrolled to counts, at any distance.
- Nothing opaque covers all of it. A veil that lets it shine through does not count, nor does a cover from under which
  people can scroll it.

Text of the colour of what lies behind it counts as seen.

### What can be reached

What is clicked has to be what the pointer meets: at its middle, or at another of its points where a part is
covered. It is scrolled there only where people can scroll. Typing, choosing, ticking and giving files ask the same as a
click: nothing reaches what is covered, inert, behind a modal dialog, or disabled (also by its \`<fieldset>\`). A file field that
nobody sees is reached by its labels, or as by a button of which only the page knows.

### Texts

The text of an element is the text that people see of it. \`verify_text\`, \`wait_for_text\` and \`store_text\` read it, and
\`text\`, \`label\`, \`link_text\` and the names of \`role\` are compared with it.

- It is put together over open shadow roots and slots, as it is drawn. Line breaks, blocks and table cells are white space.
- A style that shows it in capitals counts: the text is what is shown.
- Parts that show nothing do not count: \`display: none\`, \`visibility\`, \`opacity: 0\` of the part or of anything around
  it, closed \`<details>\`, a font of size 0, whatever a box cuts off that is folded or clipped to nothing (texts for
  screen readers alone), and positioned parts out of reach of any scrolling. \`content-visibility: auto\` counts, for
  people see it as soon as they scroll there. Text of the page's own colour counts, and so does text under a cover.
- Of a closed list the chosen option counts, of an open one every option. Buttons made of \`<input>\` show their value;
  what stands in other fields is their value and no text.
- What a style adds (\`::before\`, \`::after\`, list numbers) is no text. It is a part of an accessible name, as for browsers.

Two texts are the same when they look the same: white space of any kind and amount is one space, soft hyphens, zero-width
characters and marks of the direction of writing are nothing, and letters are compared in Unicode's NFC. A locator's text
that is compared whole also finds

- an element whose text it is without the parts that show nothing, or with them (\`Next\` and \`Next page of results\`),
- where nothing else has the text: one whose text it is but for what is \`aria-hidden\`, for what a style adds, or for signs
  beside it that nobody says: glyphs of icon fonts, stars, bullets, arrows, quotation marks, pictures, a colon at the end
  (\`E-mail\` finds the field of the label \`E-mail: *\`).

### Values and attributes

\`verify_value\` and \`store_value\` read what a form field holds now (its property \`value\`). Dates with a time, and times,
are the same with and without seconds and fractions that are 0: \`14:30\`, \`14:30:00\`.

\`verify_attribute\` and \`store_attribute\` read the attribute as it stands in the document: \`href\` as it is written, not
as an absolute address. Three attributes only say how a field began: of \`value\` (of a field that is typed into or
chosen from), \`checked\` and \`selected\` they read what is so now.

### Matching

Where a command compares a text, \`match\` says how:

| match | the text |
| --- | --- |
| \`contains\` | holds the expected text, or [looks](#texts) like one that does |
| \`equals\` | is the expected text, or looks the same |
| \`glob\` | is like the expected text, in which \`*\` stands for any characters and \`?\` for one; its lines, or the same on one line |
| \`regex\` | has a part that the pattern describes, in [RE2 syntax](https://github.com/google/re2/wiki/Syntax), which takes linear time for every pattern; its lines, or the same on one line |
| \`raw\` | is the expected text in every character, white space and invisible ones included |

### Accessibility

\`verify_accessible\` runs [axe-core](https://github.com/dequelabs/axe-core) ([its rules and
tags](https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md)) in a world of its own in the page and
in every frame, of other sites too. It judges what is there at that moment, so let a check or a wait stand before it for
what the page is to show. Problems count once two looks half a second apart have found the same. The message names each
rule with its impact and its first elements; all findings are kept as the artifact \`accessibility\` (JSON), with those
that only people can judge, which do not fail the command. A frame that cannot be looked into is an error; \`exclude\`
leaves it out. Over classic WebDriver with Firefox, a page shares its world with axe-core and could change what is
found; the run's log says so.

### Screenshots

\`verify_screenshot\` compares a picture of the viewport, of the whole page (\`full_page\`) or of an element with its
**baseline**: a picture that a person has accepted, for this test case, name, browser, size of the viewport and scale.
Pixels are compared by [pixelmatch](https://github.com/mapbox/pixelmatch), which leaves out anti-aliasing; \`threshold\`
is its own, and without \`max_diff_pixels\` or \`max_diff_ratio\` none may differ (where both are given, both hold).
Pictures of different sizes are different. \`masks\` are painted over, in both: all matches in the current frame, in the
colour \`#ff00ff\`.

Meanwhile carets are hidden, animations with an end are brought to it and endless ones to their beginning, in the page
and its frames of the same site; what moves in frames of other sites, videos and moving images has to be masked. Fonts are
waited for, up to three seconds. Two pictures in a row have to be the same before they are compared, and until the
command's time is up they are compared again whenever the page has changed. Of a whole page the window is scrolled to its
top, and it has no scrollbar; where an element is larger than the viewport the same is done.

Without a baseline nobody can judge: the step is an \`error\`, and its picture is kept as the artifact
\`screenshot_actual\`. When there is a difference the step is \`failed\`, with \`screenshot_expected\`,
\`screenshot_actual\` and \`screenshot_diff\` beside each other on the run's page. Whoever finds the new picture right
accepts it, by the artifact's id (the end of its URL):

\`\`\`sh
curl -X POST localhost:8000/api/test-cases/1/baselines \\
  -H 'content-type: application/json' -d '{"artifact_id": "…"}'
\`\`\`

\`GET\` lists the baselines there, \`GET\` and \`DELETE …/baselines/:id\` read and delete one. Baselines are files
in \`ARTIFACTS_DIR\`; they stay until their test case is deleted, whatever \`ARTIFACTS_MAX_AGE\` says. Secrets are black
in them, as in every picture. Another machine may draw fonts otherwise: accept baselines on the server that compares.
Firefox over classic WebDriver takes pictures of the viewport, and of elements that fit into it.

### Variables

\`\${name}\` in any text of a command stands for the value that \`set_variable\` or a \`store_…\` command gave the variable
\`name\` earlier in the run. \`\${env.NAME}\` stands for the server's environment variable \`NAME\`, if the operator lists
it in \`SCRIPT_ENV\`. \`\${secret.NAME}\` stands for the secret \`NAME\` (\`SECRET_NAME\` in the environment, or a file in
\`SECRETS_DIR\`); its value is shown as \`***\` wherever the run tells of it. \`$\${\` stands for the text \`\${\` itself. A
variable without a value is an error, and a value is never looked at for further variables.

A secret comes into no URL (\`navigate\`, \`new_window\`), pattern (\`regex\`, \`glob\`), CSS selector or XPath, by a variable
neither. In what a run reads it is compared as a whole only: \`contains\` and patterns see what stands around it. A field
that was typed from a secret takes no keys that would leave a part of it. The rules are in [secrets.md](secrets.md).

\`\`\`json
[
  { "action": "store_text", "locator_type": "id", "locator_value": "order-number", "variable": "order" },
  { "action": "navigate", "url": "\${env.BASE_URL}/orders/\${order}" },
  { "action": "input", "locator_type": "label", "locator_value": "Password", "text": "\${secret.SHOP_PASSWORD}" }
]
\`\`\`

### Dialogs

An alert, confirm or prompt stops the page until it is answered. \`handle_dialog\` after the command that opens it
answers it. With \`"when": "next"\` it stands before that command and answers the dialog as it opens; several answer as
many dialogs, in their order. A dialog that was to open and had not when the step ended fails the step; it is waited
for then, as long as the command's \`timeout\` says.

A dialog that no command answers fails the next command that needs the page, or the step at its end, with its text. A
server with \`DIALOGS=dismiss\` dismisses it instead, and the run's log says so.

The question whether to leave a page (\`beforeunload\`) is a dialog like any other. Where the script itself has the
browser leave, by \`navigate\`, \`back\`, \`forward\`, \`refresh\` or \`close_window\`, and no command answers it, the page
is left, and the log says that it asked; after a click or a key such a question is one that nobody expected. Browsers
ask only for a page that was typed or clicked into. Firefox and drivers that know no answers by kind of dialog leave
the page without asking.

\`\`\`json
[
  { "action": "click", "locator_type": "role", "locator_value": "button", "locator_name": "Delete" },
  { "action": "handle_dialog", "response": "accept", "expected_message": "Are you sure?" }
]
\`\`\`

### Requests

\`block_requests\` and \`mock_response\` stand for every window, frame and dedicated worker of the run, from then on to its
end or \`clear_request_rules\`. Of two rules for a request the later counts; with \`times\` a rule is used up. While one
stands, the browser's cache and service workers answer nothing; without one no request is stopped. Requests that shared
workers and WebSockets send are out of reach. Hosts that \`ALLOWED_HOSTS\` leaves out are answered by no rule, and
no secret may be part of one. An answer may be read by pages of other sites too, unless its own headers say otherwise.

The \`url\` of a rule or check is a glob [as Playwright has it](https://playwright.dev/docs/network#glob-url-patterns), for the
whole address without its fragment: \`*\` stands for any characters but \`/\`, \`**\` for any, \`{png,jpg}\` for one of
several texts, and \`?\` for itself; \`\\\` takes a sign its meaning. So \`**/api/orders\` is not
\`/api/orders?page=2\`; \`**/api/orders*\` is both. A pattern that begins with \`/\` is compared with path and query alone.

\`\`\`json
[
  { "action": "mock_response", "url": "**/api/orders*", "status": 500, "times": 1 },
  { "action": "navigate", "url": "https://shop.example/orders" },
  { "action": "verify_text", "locator_type": "role", "locator_value": "alert", "expected_text": "Try again" }
]
\`\`\`

\`wait_for_request\` and \`verify_request\` look at the requests that pages, their frames and dedicated workers have sent
over http, https and WebSockets, also those that a rule has answered or blocked; the latest 500 are remembered, the bodies of
the latest 100 up to 64 KiB. That there were none, or so many and no more, is judged once half a second has brought
no other; \`"timeout": 0\` judges at once. \`verify_console\` looks at the errors that scripts and the browser have
written to the console, exceptions that nobody caught and answers from 400 on among them.

Over classic WebDriver, \`wait_for_request\`, \`verify_request\` and \`verify_console\` read the logs of Chromium's driver, which
know no requests of workers. Requests are stopped and logins
given through WebDriver BiDi, where Chromium's driver has it: while a rule stands, every request goes by way of Stepwire.
There no rule is for frames of other sites, for workers, or for the browser's question before a request of another site
(CORS preflight), which goes to the server; service workers are not kept out. Set \`BROWSER_PROTOCOL=cdp\` for these.
Firefox has no such logs and is not asked by BiDi: all these commands are an error there.

### Clipboard

Each run has a clipboard of its own: \`press_key\` with \`Control+C\`, \`Control+X\` and \`Control+V\`, a page's own
buttons and \`navigator.clipboard\` copy and paste between the windows of one run, and nothing that another run has
copied is pasted or read. \`set_clipboard\`, \`verify_clipboard\` and \`store_clipboard\` look at its text; over
classic WebDriver they are errors, as its driver does not reach the clipboard that each of its browsers has. A page that
reads the clipboard by itself needs \`set_permission\` for \`clipboard-read\`. Pictures are not carried along, and with
\`BROWSER_HEADLESS=false\` a browser may show the clipboard of the machine it is on.

### What has come of a command

\`verify_dialog\`, \`wait_for_download\`, \`verify_download\`, \`wait_for_request\`, \`verify_request\`, \`verify_console\` and
\`switch_window\` with \`last\` count what has come since
the last command that acts began: a click, keys, a navigation and the like, but no check, wait, \`store_…\`, \`log\`,
\`pause\`, \`screenshot\`, \`set_variable\`, \`switch_…\` or \`handle_dialog\`. So an older dialog, file or window makes no
check pass. A download counts also when it was still under way at that time. Each \`wait_for_download\` has a download
of its own, and \`last\` leads to each window once, the newest first. With \`"since": "run"\` they look back over the
whole run.

\`\`\`json
[
  { "action": "click", "locator_type": "role", "locator_value": "button", "locator_name": "Export" },
  { "action": "wait_for_download", "expected_file_name": "orders-*.csv" }
]
\`\`\`

### Unlike a person's browser

Two things of a browser at a desk are turned off in one that is driven. There is no back/forward cache: a page that
\`back\` returns to is loaded again, and does not come back as it was left. There is no popup blocker: a window that a page
opens by itself, without a click, opens.`;
}
