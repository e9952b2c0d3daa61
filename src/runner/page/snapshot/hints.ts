import type { NameHint } from "../../ports/snapshot.ts";
import { normalize } from "../same-text.ts";

/** Texts that may be what people call a control, beside its name. */
export function hintsOf(control: Element, name: string): NameHint[] {
  const hints: NameHint[] = [];
  const add = (from: NameHint["from"], text: string | null | undefined) => {
    const plain = normalize(text ?? "").slice(0, MAX_HINT);
    if (plain !== "" && plain !== name && !hints.some((hint) => hint.text === plain))
      hints.push({ from, text: plain });
  };
  add("placeholder", control.getAttribute("placeholder") ?? control.getAttribute("aria-placeholder"));
  for (const attribute of ["title", "data-tooltip", "data-original-title", "data-title"]) {
    add("title", control.getAttribute(attribute));
  }
  if (!control.matches("input,select,textarea")) add("text", control.textContent.slice(0, 4 * MAX_HINT));
  for (const attribute of ["data-testid", "data-test", "data-test-id", "data-cy", "data-qa", "id", "name"]) {
    add("code", control.getAttribute(attribute));
  }
  if (control.matches("input,textarea,select")) add("code", classesOf(control));
  // Where nothing is written, the picture may tell.
  if (name === "") for (const text of pictures(control)) add("code", text);
  return hints;
}

const MAX_HINT = 120;
const MAX_PICTURES = 4;
/** Classes that name an icon: `fa-trash`, `bi-pencil`, `icon-search`, `lucide-x`, `destroy`. */
const PICTURED = "svg,i,span,img,use";

function* pictures(control: Element): Generator<string> {
  yield classesOf(control);
  let left = MAX_PICTURES;
  for (const part of control.querySelectorAll(PICTURED)) {
    if (left-- === 0) return;
    for (const attribute of ["data-icon", "data-testid", "alt", "href", "xlink:href"]) {
      yield (part.getAttribute(attribute) ?? "").replace(/^.*[#/]/, "").replace(/\.\w+$/, "");
    }
    yield classesOf(part);
  }
}

function classesOf(element: Element): string {
  return (element.getAttribute("class") ?? "").slice(0, MAX_HINT);
}

/** The words in code by which programmers know a container. */
export function codesOf(container: Element): NameHint[] {
  const texts = [container.getAttribute("id") ?? "", classesOf(container)];
  return texts.filter((text) => text !== "").map((text) => ({ from: "code", text }));
}
