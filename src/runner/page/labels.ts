import { controlOf } from "./element.ts";

/**
 * The labels of controls, collected once for a look at the page: the browser's own `labels` goes through the whole
 * document for each control, which takes 0.3 s where there are a thousand.
 */
const known = new Map<Node, Map<Element, HTMLLabelElement[]>>();

/** To be called when the document may have changed. */
export function forgetLabels(): void {
  known.clear();
}

export function labelsOf(control: Element): readonly HTMLLabelElement[] {
  const root = control.getRootNode();
  let labels = known.get(root);
  if (labels === undefined) known.set(root, (labels = collect(root)));
  return labels.get(control) ?? [];
}

function collect(root: Node): Map<Element, HTMLLabelElement[]> {
  const labels = new Map<Element, HTMLLabelElement[]>();
  if (!(root instanceof Document || root instanceof ShadowRoot)) return labels;
  for (const label of root.querySelectorAll("label")) {
    const control = controlOf(label);
    if (control !== label) labels.set(control, [...(labels.get(control) ?? []), label]);
  }
  return labels;
}
