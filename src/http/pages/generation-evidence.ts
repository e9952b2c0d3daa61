import type { SentenceEvidence } from "../../protocol/verification.js";
import { html, type Html } from "../../html.js";

/** The sentences of a step that did not pass on the page, and checks that nobody has taken over yet. */
export function verificationOf(sentences: readonly SentenceEvidence[]): Html {
  return html`${sentences
    .filter(({ outcome, offered_checks: offered }) => outcome !== "verified" || offered !== undefined)
    .map(
      (sentence) =>
        html`<p>${sentence.outcome.replace("_", " ")}: “${sentence.text}”</p>
          ${remarks(sentence)}`,
    )}`;
}

/** The reason, the elements that fit, and the checks that are offered. */
export function remarks({ message, candidates = [], offered_checks: offered = [] }: SentenceEvidence): Html {
  return html`${message !== null && html`<p class="wrong">${message}</p>`}
  ${
    candidates.length > 0 &&
    html`<ul>
      ${candidates.map((candidate) => html`<li>${candidate}</li>`)}
    </ul>`
  }
  ${
    offered.length > 0 &&
    html`<p class="soft">Seen afterwards; a check of it was not written by the author, and is not made:</p>
      <pre>${JSON.stringify(offered, null, 2)}</pre>`
  }`;
}
