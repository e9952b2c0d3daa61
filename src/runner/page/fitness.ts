import { controlOf, describe } from "./element.ts";
import { fieldOf, takesText } from "./fields.ts";
import { visibleArea } from "./frames.ts";
import { keyProxyOf } from "./key-proxy.ts";
import type { Fitness } from "./matches.ts";
import { aimAt } from "./point.ts";
import { whyShutOff } from "./reach.ts";
import type { PageRequest } from "./requests.ts";
import { isInSight, whyOutOfSight } from "./sight.ts";
import { surfacesOf } from "./surfaces.ts";

const FIT: Fitness = { level: "fit" };

/** Tells how a match suits a request, as far as that can be told at once. */
export function fitnessFor(request: PageRequest): (element: Element) => Fitness {
  switch (request.until) {
    case "pointable":
      return (element) => reachOf(element, surfacesOf(element, request.offset));
    case "typeable":
      return typingInto;
    case "chosen":
      return (element) => {
        const list = controlOf(element);
        return kindOf(element, list instanceof HTMLSelectElement, "is no list of options") ?? reachOf(list);
      };
    case "state":
      // Of these no element has to be seen.
      return request.state === "present" ? () => FIT : sightOfOne;
    default:
      return sightOfOne;
  }
}

function typingInto(element: Element): Fitness {
  const field = fieldOf(element);
  if (takesText(field)) return kindOf(element, true, "") ?? reachOf(field);
  const editor = keyProxyOf(element);
  return kindOf(element, editor !== undefined, "takes no text") ?? reachOf(element);
}

function sightOfOne(element: Element): Fitness {
  const problem = whyOutOfSight(element, "around");
  return problem === undefined ? FIT : { level: "unseen", problem };
}

function kindOf(element: Element, isRight: boolean, words: string): Fitness | undefined {
  const sight = sightOfOne(element);
  if (sight.level === "unseen") return sight;
  return isRight ? undefined : { level: "unfit", problem: `${describe(element)} ${words}` };
}

function reachOf(element: Element, surfaces = [element]): Fitness {
  const [surface] = surfaces;
  if (surface === undefined) {
    const problem = whyOutOfSight(element) ?? `${describe(element)} is not visible`;
    return { level: isInSight(element, "none") ? "faint" : "unseen", problem };
  }
  const problem = whyShutOff(element);
  if (problem !== undefined) return { level: "unfit", problem };
  let first: Fitness | undefined;
  for (const each of surfaces) {
    const aim = aimAt(element, { surface: each, offset: undefined, area: visibleArea() });
    // One that is out of view can be scrolled to.
    if ("point" in aim || aim.cover === undefined) return FIT;
    first ??= { level: "covered", ...aim };
  }
  return first ?? FIT;
}
