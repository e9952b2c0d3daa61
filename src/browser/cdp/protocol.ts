/** The parts of the Chrome DevTools Protocol that are used here: https://chromedevtools.github.io/devtools-protocol/tot/ */

export interface TargetInfo {
  targetId: string;
  type: string;
  /** Such as `prerender`, for a page that nobody sees yet. */
  subtype?: string;
  title: string;
  url: string;
  browserContextId?: string;
}

export interface RemoteObject {
  type: string;
  subtype?: string;
  value?: unknown;
  unserializableValue?: string;
  description?: string;
  objectId?: string;
}

export interface ExceptionDetails {
  text: string;
  exception?: RemoteObject;
  url?: string;
  lineNumber?: number;
}

export interface CallResult {
  result: RemoteObject;
  exceptionDetails?: ExceptionDetails;
}

export interface FrameInfo {
  id: string;
  parentId?: string;
  loaderId: string;
  url: string;
}

export interface CallFrame {
  url: string;
  /** Counted from 0. */
  lineNumber: number;
}

/** Events by their names, with their parameters. */
export interface CdpEvents {
  "Target.attachedToTarget": { sessionId: string; targetInfo: TargetInfo };
  "Target.detachedFromTarget": { sessionId: string };
  "Inspector.targetCrashed": object;
  "Page.frameAttached": { frameId: string; parentFrameId: string };
  "Page.frameDetached": { frameId: string; reason: "remove" | "swap" };
  "Page.frameNavigated": { frame: FrameInfo };
  "Page.navigatedWithinDocument": { frameId: string };
  "Page.frameRequestedNavigation": { frameId: string; disposition: string };
  "Page.frameStartedNavigating": { frameId: string; loaderId: string; navigationType: string };
  "Page.frameStoppedLoading": { frameId: string };
  "Page.lifecycleEvent": { frameId: string; loaderId: string; name: string };
  "Page.javascriptDialogOpening": {
    type: "alert" | "confirm" | "prompt" | "beforeunload";
    message: string;
    defaultPrompt?: string;
  };
  "Page.javascriptDialogClosed": { result: boolean };
  "Runtime.executionContextCreated": {
    context: { id: number; name: string; auxData: { frameId: string } };
  };
  "Runtime.executionContextDestroyed": { executionContextId: number };
  "Runtime.executionContextsCleared": object;
  "Runtime.bindingCalled": { name: string; payload: string };
  "Runtime.consoleAPICalled": {
    type: string;
    args: RemoteObject[];
    timestamp: number;
    stackTrace?: { callFrames: CallFrame[] };
  };
  "Runtime.exceptionThrown": { timestamp: number; exceptionDetails: ExceptionDetails };
  "Log.entryAdded": {
    entry: { level: string; text: string; timestamp: number; url?: string; lineNumber?: number };
  };
  "Network.requestWillBeSent": { requestId: string; request: { url: string; method: string } };
  "Network.responseReceived": { requestId: string; response: { url: string; status: number } };
  "Network.loadingFinished": { requestId: string };
  "Network.loadingFailed": {
    requestId: string;
    errorText: string;
    canceled?: boolean;
    blockedReason?: string;
  };
  "Input.dragIntercepted": { data: object };
  "Fetch.requestPaused": { requestId: string };
  "Browser.downloadWillBegin": { frameId: string; guid: string; url: string; suggestedFilename: string };
  "Browser.downloadProgress": {
    guid: string;
    receivedBytes: number;
    state: "inProgress" | "completed" | "canceled";
  };
}
