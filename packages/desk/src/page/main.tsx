import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/list.css';
import './styles/article.css';
import './styles/dialogue.css';
import './styles/screens.css';
import { App } from './frame/app.tsx';
import { texts } from './texts/texts.ts';

document.documentElement.lang = texts.language;
document.title = texts.title;
render(<App />, document.getElementById('desk')!);
