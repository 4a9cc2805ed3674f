// In Streamlit's own page. Inside the hub's frame the frame sees to this.
import { watch } from "./watch.js";

if (window === window.top) {
  sessionStorage.setItem("in", "");
  watch(location.pathname.split("/")[2], () => {});
}
