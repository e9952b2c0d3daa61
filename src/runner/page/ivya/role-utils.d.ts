/** Between these two, what was found out about an element is remembered. */
export function beginAriaCaches(): void;
export function endAriaCaches(): void;
export function getAriaRole(element: Element): string | null;
export function getElementAccessibleName(element: Element, includeHidden: boolean): string;
/** The same name without what the style sheet adds by `::before` and `::after`. */
export function getElementNameWithoutGenerated(element: Element): string;
