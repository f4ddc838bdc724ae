import './base.css';
import './hints.css';
import './chat.css';
import './instructor.css';
import './reviews.css';
import './released.css';
import './data.css';
