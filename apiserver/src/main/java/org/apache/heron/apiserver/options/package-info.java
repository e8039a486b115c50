/** What the server is started with. */
package org.apache.heron.apiserver.options;
