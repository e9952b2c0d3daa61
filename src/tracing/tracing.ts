import {
  context,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Logger } from "pino";
import { atMost } from "../async/at-most.js";
import type { NewRun } from "../execution/ports.js";
import type { LanguageModel } from "../generation/openai/language-model.js";
import { asAppError } from "../protocol/errors.js";
import { Attribute } from "./attributes.js";
import type { RequestTrace, RunTrace, TracedRequest, Traces } from "./ports.js";
import { RunSpans } from "./run-spans.js";
import { TracedModel } from "./traced-model.js";

/** Longest time for one export, in milliseconds. */
const EXPORT_TIMEOUT_MS = 5_000;

/** Longest time that a stop of the server waits for the last spans to be taken, in milliseconds. */
const CLOSE_TIMEOUT_MS = 1_000;

export interface TracingOptions {
  /** The collector's base address, such as `http://localhost:4318`; spans go to `/v1/traces` below it. */
  endpoint: string;
  serviceName: string;
}

/** Sends spans to a collector, over HTTP as JSON. One for a process, whose contexts it keeps. */
export class Tracing implements Traces {
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;
  readonly #propagator = new W3CTraceContextPropagator();

  constructor({ endpoint, serviceName }: TracingOptions) {
    const exporter = new OTLPTraceExporter({
      url: `${endpoint.replace(/\/+$/, "")}/v1/traces`,
      timeoutMillis: EXPORT_TIMEOUT_MS,
    });
    const own = resourceFromAttributes({ "service.name": serviceName });
    this.#provider = new BasicTracerProvider({
      resource: defaultResource().merge(own),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    this.#tracer = this.#provider.getTracer("stepwire");
  }

  /** Has the exporter's complaints in the log, of a collector that does not answer above all. */
  complainTo(log: Logger): void {
    const tell = (message: string) => {
      log.warn({ cause: message }, "traces could not be sent");
    };
    const silent = () => undefined;
    const logger = { error: tell, warn: tell, info: silent, debug: silent, verbose: silent };
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  }

  /** The fields by which a log line names its trace. */
  logFields(): { trace_id?: string; span_id?: string } {
    const span = trace.getSpanContext(context.active());
    return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
  }

  run(run: NewRun): RunTrace {
    return new RunSpans(this.#tracer, run);
  }

  async message<T>(type: string, handle: () => Promise<T>): Promise<T> {
    const options = { kind: SpanKind.SERVER, attributes: { [Attribute.MessageType]: type } };
    // A socket's messages come in the context of the request that opened it, which has long been answered.
    const span = this.#tracer.startSpan(`message ${type}`, options, ROOT_CONTEXT);
    try {
      return await context.with(trace.setSpan(ROOT_CONTEXT, span), handle);
    } catch (error) {
      span.setAttribute(Attribute.ErrorCode, asAppError(error)?.code ?? "internal");
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  request({ method, route, headers }: TracedRequest): RequestTrace {
    const parent = this.#propagator.extract(ROOT_CONTEXT, headers, {
      keys: Object.keys,
      get: (carrier: TracedRequest["headers"], name) => carrier[name],
    });
    const attributes = { [Attribute.HttpMethod]: method, [Attribute.HttpRoute]: route };
    const span = this.#tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
    return {
      within: (goOn) => {
        context.with(trace.setSpan(parent, span), goOn);
      },
      end: (status) => {
        span.setAttribute(Attribute.HttpStatus, status);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  model(model: LanguageModel, name: string): LanguageModel {
    return new TracedModel(this.#tracer, model, name);
  }

  /** Sends what is left, for a second at most. Never rejects. */
  async close(): Promise<void> {
    const ending = this.#provider.shutdown().catch(() => undefined);
    await atMost(CLOSE_TIMEOUT_MS, ending);
    context.disable();
  }
}
