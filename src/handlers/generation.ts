import type { Handlers } from "../connection/router.js";
import type { GenerationService } from "../generation/service.js";

/**
 * The message that writes a test case. A client that disconnects does not stop it: the case is saved all the
 * same; only the server's own stop does.
 */
export function generationHandlers(
  generation: GenerationService,
  stopping: AbortSignal,
): Pick<Handlers, "generate_test_case"> {
  return {
    async generate_test_case({ description, idempotency_key: idempotencyKey }, { client, reply, log }) {
      const result = await generation.generateTestCase({
        description,
        idempotencyKey,
        principal: client.principal,
        signal: stopping,
        log,
        onProgress: (stage) => {
          reply({ type: "generation_progress", ...stage });
        },
      });
      reply({
        type: "generation_complete",
        success: true,
        test_case_id: result.testCaseId,
        test_case_name: result.testCaseName,
        steps_count: result.stepsCount,
        redirect_url: result.redirectUrl,
        generator: result.generator,
        warnings: result.warnings,
      });
      return `test_case ${result.testCaseId}`;
    },
  };
}
