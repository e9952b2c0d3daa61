import type { Action, Command, CommandOf, Script } from "../protocol/commands.js";
import { appearance } from "./python/appearance.js";
import { verify, wait } from "./python/checks.js";
import { emulation } from "./python/emulation.js";
import { form } from "./python/form.js";
import { network } from "./python/network.js";
import { debug, dialog, page } from "./python/page.js";
import { pointer } from "./python/pointer.js";
import { storage } from "./python/storage.js";
import { store } from "./python/store.js";
import { comment } from "./python/text.js";

/** Every command as lines of Python; a command that is missing here does not compile. */
const RENDERERS: { [A in Action]: (command: CommandOf<A>) => string[] } = {
  ...page,
  ...pointer,
  ...form,
  ...dialog,
  ...wait,
  ...verify,
  ...store,
  ...storage,
  ...appearance,
  ...emulation,
  ...network,
  ...debug,
};

const IMPORTS = [
  { needs: /\bfnmatch\./, line: "import fnmatch" },
  { needs: /\bos\./, line: "import os" },
  { needs: /\bre\./, line: "import re" },
  { needs: /\btime\./, line: "import time" },
  { needs: /\bwebdriver\./, line: "\nfrom selenium import webdriver" },
  { needs: /\bActionChains\(/, line: "from selenium.webdriver.common.action_chains import ActionChains" },
  {
    needs: /\bActionBuilder\(/,
    line: "from selenium.webdriver.common.actions.action_builder import ActionBuilder",
  },
  {
    needs: /\bMouseButton\./,
    line: "from selenium.webdriver.common.actions.mouse_button import MouseButton",
  },
  {
    needs: /\bScrollOrigin\./,
    line: "from selenium.webdriver.common.actions.wheel_input import ScrollOrigin",
  },
  { needs: /\bBy\./, line: "from selenium.webdriver.common.by import By" },
  { needs: /\bKeys\./, line: "from selenium.webdriver.common.keys import Keys" },
  { needs: /\bEC\./, line: "from selenium.webdriver.support import expected_conditions as EC" },
  { needs: /\bSelect\(/, line: "from selenium.webdriver.support.ui import Select" },
  { needs: /\bWebDriverWait\(/, line: "from selenium.webdriver.support.ui import WebDriverWait" },
];

/**
 * Writes a script as Selenium Python for people to read. Nothing in Stepwire runs or parses it: the JSON
 * commands are run, and where Selenium knows nothing like a command or a locator, the Python is the nearest that it
 * has, or a comment.
 */
export function renderPython(commands: Script): string {
  const body = commands.map(renderCommand).join("\n\n");
  const needsVariables = /\bvariables\[/.test(withoutLiterals(body));
  const start = ["driver = webdriver.Chrome()", "driver.implicitly_wait(10)"];
  if (needsVariables) start.push("variables = {}");
  const program = `${start.join("\n")}\n\n${body}\n\ndriver.quit()\n`;
  const code = withoutLiterals(program);
  const imports = IMPORTS.filter(({ needs }) => needs.test(code)).map(({ line }) => line);
  return `${imports.join("\n").trimStart()}\n\n${program}`;
}

function renderCommand(command: Command): string {
  const lines = linesOf(command);
  const notes: string[] = [];
  if (command.description !== undefined) notes.push(comment(command.description));
  if ("soft" in command && command.soft === true)
    notes.push(comment("Soft: the script goes on when this fails."));
  if ("alternatives" in command && command.alternatives !== undefined) {
    const count = command.alternatives.length;
    notes.push(
      comment(
        `The script has ${count} more locator${count === 1 ? "" : "s"} for it, should this find nothing.`,
      ),
    );
  }
  return [...notes, ...lines].join("\n");
}

function linesOf<A extends Action>(command: CommandOf<A>): string[] {
  // Both go by the same action, which the compiler cannot see in an indexed access.
  const render = RENDERERS[command.action as A];
  return render(command);
}

function withoutLiterals(program: string): string {
  return program.replace(/"(?:[^"\\]|\\.)*"|#.*$/gm, (part) => (part.startsWith("#") ? "" : '""'));
}
