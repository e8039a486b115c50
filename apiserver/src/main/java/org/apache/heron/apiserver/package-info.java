/** The API server: its entry, and how its rooms are put together. */
package org.apache.heron.apiserver;
