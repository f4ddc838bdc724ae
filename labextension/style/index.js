import './base.css';
import './hints.css';
import './chat.css';
