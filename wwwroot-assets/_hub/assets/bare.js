// For Streamlit's own page outside of the hub's frame; inside the frame, the shell watches the status.
import { watch } from "./watch.js";

if (window === window.top) {
  sessionStorage.setItem("in", "");
  watch(location.pathname.split("/")[2], () => {});
}
