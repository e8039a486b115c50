/** Where uploads are kept. */
package org.apache.heron.apiserver.files;
