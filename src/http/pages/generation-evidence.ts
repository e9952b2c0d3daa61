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
export function remarks({
  message,
  candidates = [],
  offered_checks: offered = [],
  accepted_checks: accepted = [],
}: SentenceEvidence): Html {
  return html`${message !== null && html`<p class="wrong">${message}</p>`}
  ${
    candidates.length > 0 &&
    html`<ul>
      ${candidates.map((candidate) => html`<li>${candidate}</li>`)}
    </ul>`
  }
  ${
    offered.length > 0 &&
    html`<p class="soft">Seen afterwards; a check of it was not written by the author:</p>
      <pre>${JSON.stringify(offered, null, 2)}</pre>`
  }
  ${accepted.map(({ index, by, at }) => html`<p class="soft">Check ${index} was accepted by ${by} on ${at}.</p>`)}
  ${
    offered.length > accepted.length &&
    html`<p class="soft">
      Those that are not accepted are not made: stepwire accept-check, or POST
      /api/test-steps/…/offered-checks/…/accept.
    </p>`
  }`;
}
