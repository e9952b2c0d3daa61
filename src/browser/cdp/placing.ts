import type { Point } from "../../runner/ports.js";
import type { CdpFrame } from "./frame.js";

/** Eight numbers: the corners of a box from the top left on, clockwise. */
type Quad = [number, number, number, number, number, number, number, number];

interface Box {
  content: Quad;
  border: Quad;
  /** Of the border box, before any transformation. */
  width: number;
  height: number;
}

/** Answers how a point in the frame's viewport becomes one in its window's. */
export async function placing(frame: CdpFrame, signal: AbortSignal): Promise<(point: Point) => Point> {
  const { parent } = frame;
  if (parent === undefined) return (point) => point;
  const { backendNodeId } = await parent.session.send<{ backendNodeId: number }>(
    "DOM.getFrameOwner",
    { frameId: frame.id },
    signal,
  );
  const { model } = await parent.session.send<{ model: Box }>("DOM.getBoxModel", { backendNodeId }, signal);
  const placeParent = await placing(processRoot(parent), signal);
  return (point) => placeParent(inBox(point, model));
}

/** The outermost frame of the same process: boxes are told in its viewport. */
function processRoot(frame: CdpFrame): CdpFrame {
  const { parent } = frame;
  return parent?.session === frame.session ? processRoot(parent) : frame;
}

/** Takes along whatever scales or turns the frame's box. */
function inBox({ x, y }: Point, { content, border, width, height }: Box): Point {
  const [left, top] = content;
  const across = { x: (border[2] - border[0]) / width, y: (border[3] - border[1]) / width };
  const down = { x: (border[6] - border[0]) / height, y: (border[7] - border[1]) / height };
  return { x: left + across.x * x + down.x * y, y: top + across.y * x + down.y * y };
}
