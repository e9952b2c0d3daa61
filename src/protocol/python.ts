/**
 * Finds Python where commands are expected. Nothing here is ever run, so this is no security boundary: it
 * tells the author of a script, before a browser starts, that Python belongs elsewhere. It looks for
 * statements, never for single words, because people type English sentences into forms.
 *
 * Every pattern must stay linear in its input: no two neighbouring repetitions may match the same character,
 * and one that is not anchored must begin with something that cannot repeat inside its own match.
 */

/** A pattern and what the message shows: `found`, or else the pattern's first group. */
interface Sign {
  found?: string;
  pattern: RegExp;
}

const NAME = String.raw`[A-Za-z_]\w*\b`;
const DOTTED = String.raw`${NAME}(?:\.${NAME})*`;
/** A call's opening, but not the plural of `item(s)` or `box(es)`. */
const CALL = String.raw`\((?!e?s\))`;

/** Modules that a script could import and no menu entry names. */
const MODULES =
  "selenium|os|sys|re|random|math|datetime|logging|subprocess|shutil|socket|pathlib|tempfile|unittest|pytest|" +
  "urllib|urllib3|asyncio|aiohttp|threading|multiprocessing|pickle|base64|builtins|importlib|ctypes|inspect|" +
  "playwright|pyautogui|bs4|pandas|numpy|traceback|typing|itertools|functools|dataclasses|contextlib|argparse|webbrowser";

/** Modules whose import reads like a button: "import csv". Alone they prove nothing. */
const MODULES_LIKE_WORDS = "csv|json|time|http|html|xml|email|calendar|string|requests|collections|glob|copy";

/** Parts of a statement that no English sentence has, wherever they stand. */
const ANYWHERE: Sign[] = [
  sign(String.raw`(\b__import__)\s*\(`),
  sign(String.raw`(\.__(?:class|bases|mro|subclasses|globals|builtins|dict|code)__)\b`),
  sign(String.raw`(?:(?<![.\w])|\bself\.)(driver\.)\w+\(`),
  sign(String.raw`\b(browser\.)(?:quit|get|find_elements?|implicitly_wait|execute_script|switch_to)\b[.(]`),
  sign(String.raw`\b(driver\.)(?:title|current_url|page_source|switch_to|window_handles)\b`),
  sign(
    String.raw`\b(webdriver\.)(?:Chrome|Firefox|Edge|Safari|Remote|ChromeOptions|FirefoxOptions|common|support)\b`,
  ),
  sign(String.raw`\.(find_element)s?(?:_by_\w+)?\(`),
  sign(
    String.raw`\(\s*(By\.)(?:ID|XPATH|CSS_SELECTOR|CLASS_NAME|NAME|TAG_NAME|LINK_TEXT|PARTIAL_LINK_TEXT)\b`,
  ),
  sign(String.raw`\.(send_keys\()`),
  sign(String.raw`\b((?:WebDriverWait|ActionChains)\()`),
  sign(String.raw`\b(time\.sleep\()`),
  sign(
    String.raw`\b((?:os\.(?:system|popen|remove|unlink|environ|path|listdir|getcwd|exec\w+)|sys\.(?:exit|argv|path)|subprocess\.\w+|shutil\.\w+|asyncio\.\w+))\b\s?[([.]`,
  ),
  sign(
    String.raw`\b((?:json\.(?:loads?|dumps?)|requests\.(?:get|post|put|delete|Session)|random\.(?:randint|choice|shuffle)|logging\.(?:basicConfig|getLogger|info)|pytest\.(?:raises|fixture|mark))\b)`,
  ),
  sign(String.raw`[=(,]\s*(lambda )\s*${NAME}(?:\s*,\s*${NAME})*\s*:`),
  sign(String.raw`=\s*(lambda)\s*:`),
  sign(String.raw`(?<![.\w])(open\()\s*(?:"[^"\n]*"|'[^'\n]*')\s*[,)]`),
];

/** Statements that no line of English looks like, seen from the line's start. */
const STATEMENTS = lineSigns([
  line(
    "import ",
    String.raw`import\s+(?:${MODULES})(?:\.${NAME})*(?:\s+as\s+${NAME})?(?:\s*,\s*${DOTTED})*$`,
  ),
  // Packages are written in lower case (PEP 8), the countries that goods come from are not.
  line(
    "from ",
    String.raw`from\s+(?:\.+\s*(?:${DOTTED})?|[a-z_][\w.]*)\s+import(?:\s*\(|\s*\*$|\s+${NAME}(?:\s+as\s+${NAME})?(?:\s*,\s*${NAME})*$)`,
  ),
  line("def ", String.raw`(?:async\s+)?def\s+[^\s()]+\(`),
  line("class ", String.raw`class\s+${NAME}\(${DOTTED}(?:\s*,\s*${DOTTED})*\)\s*:$`),
  line("self.", String.raw`self\.\w+\s*=`),
  line("lambda ", String.raw`lambda\s+${NAME}(?:\s*,\s*${NAME})*\s*:`),
  line("if __name__", String.raw`if\s+__name__\s*==`),
  line("while ", String.raw`while\s+(?:True|1)\s*:`),
  line("for ", String.raw`for\s+${NAME}(?:\s*,\s*${NAME})*\s+in\s+(?:range|enumerate)\(`),
  line("with ", String.raw`(?:async\s+)?with\s+${DOTTED}\(.*\)\s+as\s+${NAME}\s*:`),
  line("except ", String.raw`except\s+\w*(?:Error|Exception)\b`),
  line("eval(", String.raw`(?:${NAME}\s*=\s*)?(?:eval|exec|compile)${CALL}.*\)$`),
  line("print(", String.raw`print${CALL}.*\)$`),
  line("raise ", String.raw`raise\s+(?:(?:[A-Z]\w*)?(?:Error|Exception|Exit|Interrupt)\b|[A-Z]\w*\(.*\)$)`),
  line("assert ", String.raw`assert\s.*(?:[=!<>]=|\s[<>]\s|\bis\s(?:not\s)?None\b|["']\s(?:not\s)?in\s\w)`),
  line("assert ", String.raw`assert\s+(?:not\s+)?${DOTTED}${CALL}.*\)`),
  line("for ", String.raw`(?=.*[\]}]$)(?:${DOTTED}\s*=\s*)?[[{](?![{%]).*\w\)?\sfor\s${NAME}\sin\s`),
]);

/** Signs that a line under `if …:` or `for …:` is Python rather than an indented instruction. */
const CODE_LINES: RegExp[] = [
  start(String.raw`${DOTTED}(?:\[[^\]]*\])?(?:\s*:\s*\w+)?\s*(?:[-+%|&]|\*\*?|\/\/?)?=(?!=)\s*\S`),
  start(String.raw`(?:await\s+)?${DOTTED}${CALL}.*\)$`),
  start(
    String.raw`(?:return|yield)\s+(?:True$|False$|None$|self\.|["'[{]|\d+$|${NAME}[.([]|\w+\s*[-+*/%<>=])`,
  ),
  start(String.raw`(?:"""|''')`),
];

const BLOCK_HEAD =
  /^(?:async\s+)?(?:((?:if|elif|while|with|match|case|class)\s)\s*\S|(for\s).*\sin\s|(try:|else:|finally:|except:))/;
/** Signs that the head of a block is an expression. `pass` under such a head is a statement, not a verdict. */
const CODE_HEAD = /[=!]=|\s[<>]|\w[([]|\w\.\w|\w_\w|\b(?:True|False|None|self)\b|^class\s+[A-Z]\w*:?$/;
const SINGLE_WORD_LINE = /^(?:pass|break|continue|\.\.\.|return|return\s\w+)$/;

/** Further signs that count only where a whole script stands in for JSON. */
const WHOLE_SCRIPT = lineSigns([
  line(
    "import ",
    String.raw`import\s+(?:(?:${MODULES_LIKE_WORDS})|${NAME}(?:\.${NAME})+|[A-Za-z0-9]*_\w*)(?:\s+as\s+${NAME})?$`,
  ),
  line("from ", String.raw`from\s+${DOTTED}\s+import\s+(?:${NAME})(?:\s*,\s*${NAME})*$`),
  line("#!", String.raw`#!.*python`),
  line('"""', String.raw`(?:"""|''')`),
  line(
    " = ",
    String.raw`(?!.*;$)${DOTTED}(?:\s*:\s*[A-Za-z_][\w[\],.]*)?\s*[-+*/]?=\s*(?:[rbf]?["']|[\d[({]|(?:True|False|None)$|await\s|${NAME}[.([])`,
  ),
  line("del ", String.raw`del\s+\w+[[.]`),
  sign(String.raw`^(?:await\s+)?((?!(?:console|document|window|cy|JSON|Math)\b)${DOTTED}\()(?!e?s\)).*\)$`),
]);

/**
 * The part of a text that is searched, in characters: several times the size of the largest field. A megabyte of the
 * shortest lines takes 0.1 s.
 */
const MAX_SEARCHED = 100_000;

/**
 * Looks for Python in a script that is not JSON.
 *
 * @returns the part of a statement that gave it away, or `undefined`.
 */
export function findPythonSource(whole: string): string | undefined {
  const source = whole.slice(0, MAX_SEARCHED);
  const brokenJson = /^\s*[[{]/.test(source) && source.includes('"action"');
  return findPythonInValue(source) ?? (brokenJson ? undefined : findInLines(linesOf(source), WHOLE_SCRIPT));
}

/**
 * Looks for Python statements in the value of a command's field.
 *
 * @returns the part of a statement that gave it away, or `undefined`; ordinary English gives `undefined`.
 */
export function findPythonInValue(whole: string): string | undefined {
  const value = whole.slice(0, MAX_SEARCHED);
  const lines = linesOf(value);
  return findInLines(lines, STATEMENTS) ?? firstMatch(value, ANYWHERE) ?? findBlock(lines);
}

/** Signs that are looked for at the beginning of each line, and whether a line has any of them. */
interface LineSigns {
  any: RegExp;
  each: Sign[];
}

function lineSigns(each: Sign[]): LineSigns {
  return { any: new RegExp(each.map(({ pattern }) => pattern.source).join("|")), each };
}

interface Line {
  indent: number;
  code: string;
}

/** The lines that are neither blank nor a comment, without indentation, prompt and trailing comment. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (const raw of text.split(/[\r\n\u2028\u2029]+/)) {
    if (raw === "") continue;
    const line = raw.trimStart();
    const indent = raw.length - line.length;
    const comment = line.indexOf(" #");
    const code = line
      .slice(0, comment === -1 ? undefined : comment)
      .replace(/^(?:>>>|\.\.\.)\s/, "")
      .trim();
    if (code !== "" && !/^#(?!!)/.test(code)) lines.push({ indent, code });
  }
  return lines;
}

function findInLines(lines: Line[], signs: LineSigns): string | undefined {
  for (const { code } of lines) {
    for (const statement of code.includes(";") ? [code, ...code.split(";")] : [code]) {
      const text = statement.trim();
      if (text !== "" && signs.any.test(text)) return firstMatch(text, signs.each);
    }
  }
  return undefined;
}

/** `if x:` and the like with a body that is code, on the same line or indented below. */
function findBlock(lines: Line[]): string | undefined {
  for (const [index, line] of lines.entries()) {
    const match = BLOCK_HEAD.exec(line.code);
    if (match === null) continue;
    const { head, body } = splitBlock(line, lines[index + 1]);
    const isCode = CODE_LINES.some((pattern) => pattern.test(body));
    if (isCode || (SINGLE_WORD_LINE.test(body) && CODE_HEAD.test(head)))
      return match[1] ?? match[2] ?? match[3];
  }
  return undefined;
}

function splitBlock({ code, indent }: Line, below: Line | undefined): { head: string; body: string } {
  if (code.endsWith(":")) return { head: code, body: below && below.indent > indent ? below.code : "" };
  const colon = code.indexOf(": ");
  // "try: x=1" and "case a: b()" are as likely another language or a list.
  if (colon === -1 || /^(?:try|else|finally|except|match|case)\b/.test(code)) return { head: code, body: "" };
  return { head: code.slice(0, colon), body: code.slice(colon + 1).trim() };
}

function firstMatch(text: string, signs: Sign[]): string | undefined {
  for (const { found, pattern } of signs) {
    const match = pattern.exec(text);
    if (match !== null) return found ?? match[1];
  }
  return undefined;
}

function sign(pattern: string): Sign {
  return { pattern: new RegExp(pattern) };
}

function line(found: string, pattern: string): Sign {
  return { found, pattern: start(pattern) };
}

function start(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})`);
}
