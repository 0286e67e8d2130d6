import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./shell/app.tsx";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/shell.css";
import "./styles/print.css";
// What nearly every page is made of comes with the frame, in one file with it, and not with each page anew.
import "./parts/amount.tsx";
import "./parts/table.tsx";

const root = document.querySelector("#page");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
