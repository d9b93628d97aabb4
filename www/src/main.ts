import "./app/theme.css";
import "./app/app.ts";
