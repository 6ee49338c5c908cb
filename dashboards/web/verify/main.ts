/** The verifier as one file: no hub, no network, nothing kept. */
import '../src/base.css';
import '../src/lib/office.css';
import { mount } from 'svelte';
import Verify from './Verify.svelte';

mount(Verify, { target: document.getElementById('app')! });
