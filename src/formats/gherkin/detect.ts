/** Keywords that only Gherkin has, at the beginning of a line. */
const HEADER =
  /^(?:feature|ability|business need|background|rule|scenarios?|scenario outline|scenario template|example)\s*:/i;
const STEP = /^(?:given|when|then|and|but|\*)\s/i;
const FIRST_STEP = /^(?:given|when|then)\s/i;
const FEATURE = /^(?:feature|ability|business need)\s*:/im;

const LANGUAGE = /^\s*#\s*language\s*:\s*(?!en\b)\S/i;

interface Outline {
  hasHeader: boolean;
  steps: number;
  /** Lines that are neither a step nor anything else that may stand among steps. */
  others: number;
  firstIsStep: boolean;
}

/** Tells a feature file, its scenarios alone, or nothing but steps from other texts. */
export function detectGherkin(source: string): boolean {
  if (LANGUAGE.test(source)) return true;
  const { hasHeader, steps, others, firstIsStep } = outlineOf(source);
  return steps > 0 && (hasHeader || (firstIsStep && others === 0 && steps > 1));
}

function outlineOf(source: string): Outline {
  const outline: Outline = { hasHeader: false, steps: 0, others: 0, firstIsStep: false };
  let isDocString = false;
  for (const line of source.split(/\r\n?|\n/)) {
    const text = line.trim();
    if (/^(?:"""|```)/.test(text)) isDocString = !isDocString;
    else if (isDocString || text === "" || /^[#@|]/.test(text)) continue;
    else if (STEP.test(text)) {
      if (outline.steps === 0 && outline.others === 0) outline.firstIsStep = FIRST_STEP.test(text);
      outline.steps += 1;
    } else if (HEADER.test(text)) outline.hasHeader = true;
    else outline.others += 1;
  }
  return outline;
}

/**
 * The source with the lines that the parser asks for and an author may leave out: "Feature:", and "Scenario:" above
 * bare steps.
 */
export function withHeader(source: string): { text: string; addedLines: number } {
  if (FEATURE.test(source) || LANGUAGE.test(source)) return { text: source, addedLines: 0 };
  return outlineOf(source).hasHeader
    ? { text: `Feature:\n${source}`, addedLines: 1 }
    : { text: `Feature:\nScenario:\n${source}`, addedLines: 2 };
}
