// Runs before the first paint: a hub page inside the shell's frame hides its own header and footer.
if (window !== window.top) document.documentElement.dataset.framed = "";
