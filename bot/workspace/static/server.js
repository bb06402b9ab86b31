// Talking to the workspace: one call each way, and the live line that comes back by itself.

import { state } from "./state.js";

/** GET; `parameters` become the query. The answer's JSON; never throws, trouble is `{ok: false}`. */
export async function get(path, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  return answer(fetch(`/client/${path}${query ? `?${query}` : ""}`));
}

/** POST as JSON, in the name of the person shown. */
export async function post(path, body = {}) {
  return answer(
    fetch(`/client/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: state.me.id, ...body }),
    }),
  );
}

/** Hand a file over; the answer carries `file`. */
export async function upload(file) {
  const form = new FormData();
  form.append("user", state.me.id);
  form.append("file", file, file.name);
  return answer(fetch("/client/upload", { method: "POST", body: form }));
}

async function answer(request) {
  try {
    return await (await request).json();
  } catch {
    return { ok: false, error: "unreachable" };
  }
}

/**
 * Keep a live line for `user` until `close()`; comes back by itself after a break, a little later each time.
 * `heard(event)` for every event; `lost()` when the line breaks; `back()` when it is there again. `opened` is
 * kept when it stands for the first time: what is read after that misses nothing.
 */
export function listen(user, { heard, lost, back }) {
  let socket = null;
  let closed = false;
  let pause = 300;
  let broken = false;
  let stands;
  const opened = new Promise((resolve) => (stands = resolve));

  function open() {
    const address = new URL("/client/events", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.searchParams.set("user", user);
    socket = new WebSocket(address);
    socket.onopen = () => {
      pause = 300;
      stands();
      if (broken) back();
      broken = false;
    };
    socket.onmessage = (message) => !closed && heard(JSON.parse(message.data));
    socket.onclose = () => {
      if (closed) return;
      if (!broken) lost();
      broken = true;
      setTimeout(() => !closed && open(), pause);
      pause = Math.min(pause * 2, 5000);
    };
  }

  open();
  setTimeout(() => stands(), 2000); // without it the page is still better than nothing
  return {
    opened,
    close() {
      closed = true;
      socket.close();
    },
  };
}
