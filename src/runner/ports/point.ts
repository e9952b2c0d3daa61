/** A position in the viewport of the current frame, in CSS pixels. */
export interface Point {
  x: number;
  y: number;
}
