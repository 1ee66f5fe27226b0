// Search runs in a worker, and a page that is opened from a folder may start none: there it gets a frame instead.
// MkDocs Material looks for the name IFrameWorker, and its offline plugin for the name of this file.
if (location.protocol === "file:") {
  class IFrameWorker extends EventTarget {
    constructor(script) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      document.body.append(frame)
      this.inside = frame.contentWindow
      this.inside.document.open()
      this.inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", {data}))
      this.ready = new Promise((loaded) => (this.inside.loaded = loaded))
      this.inside.document.write(`<script src="${script}"></script><script>loaded()</script>`)
      this.inside.document.close()
    }

    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", {data})))
    }
  }
  window.IFrameWorker = window.Worker = IFrameWorker
}
