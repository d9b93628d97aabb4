import "./style/index.css";
import "./app/app.ts";
