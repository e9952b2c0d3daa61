import type { Command } from "../../protocol/commands.js";
import { frameTarget } from "./finding.js";
import { QUOTED, type Marked } from "./marking.js";
import { action, problem, refusal, type Meaning, type ClauseContext, type Rule } from "./meaning.js";
import { unclear } from "./targeted-commands.js";
import { readTarget } from "./targets.js";
import { startingWith, verbs } from "./words.js";

/** Sentences that stand for one fixed command. */
const FIXED: [RegExp, Command][] = [
  [
    /^(?:(?:go(?:es|ing)?|navigat(?:e|es|ing)|step(?:s|ping)?|mov(?:e|es|ing)) back(?:wards?)?(?: (?:one|a|1) page)?(?: to the (?:previous|last) page)?(?: in the (?:browser|history))?|(?:go(?:es|ing)?|return(?:s|ing)?) to the previous page|(?:click|press|us)(?:es|s|ing|e)? (?:the )?browser(?:'s|’s)? back(?: button)?)$/i,
    { action: "back" },
  ],
  [
    /^(?:(?:go(?:es|ing)?|navigat(?:e|es|ing)|mov(?:e|es|ing)) forwards?(?: (?:one|a|1) page)?(?: in the (?:browser|history))?|(?:click|press|us)(?:es|s|ing|e)? (?:the )?browser(?:'s|’s)? forward(?: button)?)$/i,
    { action: "forward" },
  ],
  [
    startingWith(
      `${verbs("refresh", "reload")}(?: (?:the |this )?(?:current )?(?:page|browser|site|screen|window|tab))?$`,
    ),
    { action: "refresh" },
  ],
  [
    startingWith(`${verbs("open")} (?:a |another )?(?:new )?(?:empty |blank )?(?:browser )?(?:tab|window)$`),
    { action: "new_window" },
  ],
  [
    startingWith(
      `${verbs("close")} (?:the |this )?(?:current |new |second |other |pop-?up |last opened |newly opened |last )?(?:browser )?(?:tab|window)$`,
    ),
    { action: "close_window" },
  ],
  [
    startingWith(
      `(?:${verbs("switch", "go", "return")} (?:back )?to (?:the )?(?:main|top|default)(?: frame| content| document)|${verbs("leave", "exit")} (?:the |this )?(?:i?frame))$`,
    ),
    { action: "switch_frame", top: true },
  ],
  [
    startingWith(`${verbs("switch", "go")} (?:back )?to (?:the )?(?:parent|outer) frame$`),
    { action: "switch_frame", parent: true },
  ],
];

const SCREENSHOT = startingWith(
  `${verbs("take", "make", "capture", "save")} (?:a |the )?(?:screen ?shot|picture of the (?:page|screen))(?: of the (?:page|screen))?(?: (?:named|called|as) (.+))?$`,
);
const SIZE = startingWith(
  String.raw`(?:${verbs("resize", "set", "change")} (?:the )?(?:size of the )?(?:browser |view)?(?:window|port|browser|screen)(?: size)? to) (\d{3,4}) ?(?:x|×|by|\*) ?(\d{3,4})(?: ?(?:px|pixels))?$`,
);
const SIZING = startingWith(
  `${verbs("resize", "set", "change")} (?:the )?(?:size of the )?(?:browser |view)(?:window|port)|${verbs("resize", "set", "change")} (?:the )?window`,
);
const SWITCH = startingWith(
  `(?:${verbs("switch", "change", "go", "move", "return")} (?:back )?to|${verbs("focus")}(?: on)?) (.+)$`,
);
const ORDINALS: Record<string, number> = {
  ...{ first: 0, main: 0, original: 0, initial: 0, second: 1, third: 2, fourth: 3, fifth: 4 },
};
const WINDOW_BY_PLACE =
  /^(?:the )?(new|newest|last opened|last|latest|newly opened|other|pop-?up|first|main|original|initial|second|third|fourth|fifth)(?: browser)? (?:tab|window)$/i;
const WINDOW_BY_NUMBER = new RegExp(
  `^(?:the )?(?:browser )?(?:tab|window) (?:number |no\\. ?|#)?(${QUOTED}|\\d{1,2})$`,
  "i",
);
const WINDOW_BY_TITLE = new RegExp(
  `^(?:the )?(?:browser )?(?:tab|window) (?:(?:with|having) the title|with title|titled|called|named|whose title (?:is|contains)) (${QUOTED}|.+)$`,
  "i",
);
const FRAME = new RegExp(
  `^(?:the )?(?:i?frame(?: (?:named|called|titled|with (?:the )?(?:id|name|title)))? (.+)|(.+) i?frame)$`,
  "i",
);

/** Reads clauses about the browser and not the page in it: history, windows, frames, pictures. */
export const browsing: Rule = (phrase) => {
  const { context, text: clause } = phrase;
  const fixed = FIXED.find(([pattern]) => pattern.test(clause))?.[1];
  if (fixed !== undefined) return action(fixed);
  const picture = SCREENSHOT.exec(clause);
  if (picture !== null) {
    const name = picture[1] === undefined ? {} : { name: context.marking.value(picture[1]) };
    return action({ action: "screenshot", ...name });
  }
  const [, width, height] = SIZE.exec(clause) ?? [];
  if (width !== undefined)
    return action({ action: "set_window_size", width: Number(width), height: Number(height) });
  if (SIZING.test(clause)) return refusal("it names no size, such as: Resize the window to 390 x 844");
  const place = SWITCH.exec(clause)?.[1];
  return place === undefined ? undefined : (toWindow(place, context) ?? toFrame(place, context));
};

function toWindow(place: Marked, { marking }: ClauseContext): Meaning | undefined {
  const which = WINDOW_BY_PLACE.exec(place)?.[1]?.toLowerCase();
  if (which !== undefined) {
    const index = ORDINALS[which];
    return action({ action: "switch_window", ...(index === undefined ? { last: true } : { index }) });
  }
  const number = WINDOW_BY_NUMBER.exec(place)?.[1];
  const index = number === undefined ? Number.NaN : Number(marking.value(number));
  if (Number.isInteger(index) && index > 0) return action({ action: "switch_window", index: index - 1 });
  const title = WINDOW_BY_TITLE.exec(place)?.[1];
  return title === undefined ? undefined : action({ action: "switch_window", title: marking.value(title) });
}

function toFrame(place: Marked, context: ClauseContext): Meaning | undefined {
  const [, after, before] = FRAME.exec(place) ?? [];
  const words = after ?? before;
  if (words === undefined) return undefined;
  const frame = readTarget(words, context);
  if (frame === undefined) return problem();
  return unclear(frame) ?? action({ action: "switch_frame", ...frameTarget(frame) });
}
