import { thingTarget } from "./finding.js";
import { QUOTED } from "./marking.js";
import { action, problem, type Rule } from "./meaning.js";
import { unclear } from "./targeted-commands.js";
import { readTarget } from "./targets.js";
import { startingWith, verbs } from "./words.js";

const SCROLL = startingWith(`${verbs("scroll")}(?: the page)?\\b ?(.*)$`);
const END =
  /^(?:all the way |right )?(?:up |down )?(?:to )?(?:the )?(?:very )?(top|beginning|start|bottom|end)(?: of (?:the |this )?(?:page|screen|window|document|site))?$/i;
const DISTANCE = /^(up|down|left|right)? ?(?:by )?(\d{1,5}) ?(?:px|pixels?)(?: (up|down|left|right))?$/i;
const TO =
  /^(?:up |down |left |right )?(?:to|until|till|towards?)(?: you (?:see|reach|find))? (.+?)(?: (?:is|are|becomes?|comes?|appears?)(?: (?:visible|shown|in(?:to)? view|seen|displayed))?)?$/i;
/** "scroll down until the page contains “Imprint”". */
const UNTIL_SHOWN = new RegExp(
  `^(?:up |down )?(?:until|till) (?:the )?page (?:contains|shows|displays) (${QUOTED})$`,
  "i",
);
const INTO_VIEW = /^(.+) into view$/i;

/** Scroll: to an element, to an end of the page, or by a distance. */
export const scroll: Rule = (phrase) => {
  const clause = phrase.text;
  const way = SCROLL.exec(clause)?.[1];
  if (way === undefined) return undefined;
  const end = END.exec(way)?.[1];
  if (end !== undefined)
    return action({ action: "scroll", to: /^(?:bottom|end)$/i.test(end) ? "bottom" : "top" });
  const [, before, pixels, after] = DISTANCE.exec(way) ?? [];
  if (pixels !== undefined) return action({ action: "scroll", ...distance(before ?? after, Number(pixels)) });
  const words = UNTIL_SHOWN.exec(way)?.[1] ?? TO.exec(way)?.[1] ?? INTO_VIEW.exec(way)?.[1];
  if (words === undefined) {
    return problem(
      'it does not say where to, such as "Scroll to the Comments heading" or "Scroll down 500 pixels"',
    );
  }
  const target = readTarget(words, phrase.context);
  if (target === undefined) return problem();
  return unclear(target) ?? action({ action: "scroll", ...thingTarget(target) });
};

function distance(direction: string | undefined, pixels: number): { by_x?: number; by_y?: number } {
  switch (direction?.toLowerCase()) {
    case "up":
      return { by_y: -pixels };
    case "left":
      return { by_x: -pixels };
    case "right":
      return { by_x: pixels };
    default:
      return { by_y: pixels };
  }
}
