import type { PageSnapshot, SeenNode } from "../../runner/ports.js";

/** The nodes of a snapshot by what they are in, gone through once. */
export class SnapshotIndex {
  readonly nodes: readonly SeenNode[];
  readonly snapshot: PageSnapshot;
  readonly #byRef: ReadonlyMap<string, SeenNode>;
  readonly #places: ReadonlyMap<SeenNode, number>;
  readonly #children = new Map<SeenNode | undefined, SeenNode[]>();

  constructor(snapshot: PageSnapshot) {
    this.snapshot = snapshot;
    this.nodes = snapshot.nodes;
    this.#byRef = new Map(snapshot.nodes.map((node) => [node.ref, node]));
    this.#places = new Map(snapshot.nodes.map((node, index) => [node, index]));
    for (const node of snapshot.nodes) {
      const parent = this.parentOf(node);
      const siblings = this.#children.get(parent);
      if (siblings === undefined) this.#children.set(parent, [node]);
      else siblings.push(node);
    }
  }

  node(ref: string): SeenNode | undefined {
    return this.#byRef.get(ref);
  }

  parentOf({ parent }: SeenNode): SeenNode | undefined {
    return parent === undefined ? undefined : this.#byRef.get(parent);
  }

  /** Its place in the order of the document. */
  placeOf(node: SeenNode): number {
    return this.#places.get(node) ?? -1;
  }

  /** The containers that it is in, innermost first. */
  *around(node: SeenNode): Generator<SeenNode> {
    for (let at = this.parentOf(node); at !== undefined; at = this.parentOf(at)) yield at;
  }

  isInside(node: SeenNode, container: SeenNode): boolean {
    for (const around of this.around(node)) if (around === container) return true;
    return false;
  }

  /** Everything in a container, in order. */
  inside(container: SeenNode): SeenNode[] {
    return (this.#children.get(container) ?? []).flatMap((child) => [child, ...this.inside(child)]);
  }

  /** The texts in a container: of what is read, and of what is acted on. */
  textsIn(container: SeenNode): string[] {
    return this.inside(container).flatMap(({ name, value }) => (value ? [name, value] : [name]));
  }

  /** The nodes from a heading to the next of its level or above, or to the end of what it is in. */
  under(heading: SeenNode): SeenNode[] {
    const parent = this.parentOf(heading);
    const end = this.nodes.findIndex(
      (node, index) =>
        index > this.placeOf(heading) &&
        ((parent !== undefined && !this.isInside(node, parent)) ||
          (node.role === "heading" && (node.level ?? 2) <= (heading.level ?? 2)) ||
          node.frame !== heading.frame),
    );
    return this.nodes.slice(this.placeOf(heading) + 1, end === -1 ? undefined : end);
  }
}
