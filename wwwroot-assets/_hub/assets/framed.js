// Before the first paint: inside the shell a page of the hub shows neither a second header nor a footer.
if (window !== window.top) document.documentElement.dataset.framed = "";
